import type { RequestEvent } from '@sveltejs/kit';
import type { LoginCredentialDto } from '#lib/contract/sign-in/auth.ts';
import type { z } from 'zod';
import { getBrowserClientInfo, setBrowserCookie } from './browser-cookie.http.ts';
import { noteSignIn, setSessionCookies } from '#lib/server/platform/http/cookies.ts';

/** Signs a browser in: the token is stored only in its cookie. */
export async function signIn(event: RequestEvent, credentials: z.output<typeof LoginCredentialDto>): Promise<void> {
	const { services } = event.locals.container;
	const previous = event.locals.auth;
	const clientInfo = getBrowserClientInfo(event);
	const { accessToken } = await services.auth.login(credentials, clientInfo);
	// The sign-in replaces the browser's cookie, so the session it names ends (ASVS 7.2.4).
	if (previous?.credential.kind === 'session' && previous.credential.isAmbient) await services.auth.logout(previous);
	setSessionCookies(event, accessToken, 'password');
	setBrowserCookie(event, clientInfo);
	noteSignIn(event);
}
