import { daySeconds } from '#lib/contract/day.ts';
import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { browserCookie, type Origin } from '#lib/server/platform/caller/client-info.ts';
import { signInOriginDays } from '#lib/server/features/sign-in-limits/index.ts';
import { setCookie } from '#lib/server/platform/http/cookies.ts';
import { originOf } from '#lib/server/platform/http/client-info.ts';

/** Returns the client info of a browser's sign-in, with a new browser secret if it has none. */
export function originOfBrowser(event: RequestEvent): Origin {
	const origin = originOf(event);
	return { ...origin, browser: origin.browser ?? randomBytes(32).toString('base64url') };
}

/** Stores the secret in a browser that has signed in; it outlives the session. */
export function setBrowserCookie(event: RequestEvent, { browser }: Origin): void {
	if (browser === null) return;
	setCookie(event, browserCookie, browser, { maxAgeSeconds: signInOriginDays * daySeconds });
}
