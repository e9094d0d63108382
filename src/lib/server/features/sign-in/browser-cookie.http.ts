import { daySeconds } from '#lib/contract/day.ts';
import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { browserCookie, type ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import { signInOriginDays } from '#lib/server/features/sign-in-limits/index.ts';
import { setCookie } from '#lib/server/platform/http/cookies.ts';
import { getClientInfo } from '#lib/server/platform/http/client-info.ts';

/** Returns the client info of a browser's sign-in, with a new browser secret if it has none. */
export function getBrowserClientInfo(event: RequestEvent): ClientInfo {
	const clientInfo = getClientInfo(event);
	return { ...clientInfo, browser: clientInfo.browser ?? randomBytes(32).toString('base64url') };
}

/** Stores the secret in a browser that has signed in; it outlives the session. */
export function setBrowserCookie(event: RequestEvent, { browser }: ClientInfo): void {
	if (browser === null) return;
	setCookie(event, browserCookie, browser, { maxAgeSeconds: signInOriginDays * daySeconds });
}
