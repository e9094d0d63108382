import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { browserCookie, type Origin } from '#lib/server/platform/caller/client-info.ts';
import { signInOriginDays } from './sign-in-origin.repository.ts';
import { setCookie } from '#lib/server/platform/http/cookies.ts';
import { originOf } from '#lib/server/platform/http/client-info.ts';

/** Gives the origin of a sign-in in a browser: one that has no secret yet gets one. */
export function originOfBrowser(event: RequestEvent): Origin {
	const origin = originOf(event);
	return { ...origin, browser: origin.browser ?? randomBytes(32).toString('base64url') };
}

/** Leaves the secret with a browser in which somebody has signed in, where it outlives the session. */
export function setBrowserCookie(event: RequestEvent, { browser }: Origin): void {
	if (browser === null) return;
	setCookie(event, browserCookie, browser, { maxAgeSeconds: signInOriginDays * 24 * 60 * 60 });
}
