import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { browserCookie, type Origin } from '../auth/origin.ts';
import { signInOriginDays } from '../repositories/sign-in-origin.repository.ts';
import { originOf } from './origin.ts';

/** Gives the origin of a sign-in in a browser: one that has no secret yet gets one. */
export function originOfBrowser(event: RequestEvent): Origin {
	const origin = originOf(event);
	return { ...origin, browser: origin.browser ?? randomBytes(32).toString('base64url') };
}

/** Leaves the secret with a browser in which somebody has signed in, where it outlives the session. */
export function setBrowserCookie(event: RequestEvent, { browser }: Origin): void {
	if (browser === null) return;
	const { alwaysSecure } = event.locals.container.settings.current.immichAuth.cookies;
	event.cookies.set(browserCookie, browser, {
		maxAge: signInOriginDays * 24 * 60 * 60,
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: alwaysSecure || event.url.protocol === 'https:'
	});
}
