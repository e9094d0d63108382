import { redirect } from '@sveltejs/kit';
import { action } from '#lib/server/platform/http/action.ts';
import { clearCache, hasEndedSession, takeRefusedCookie } from '#lib/server/platform/http/cookies.ts';
import { loadForAnyone } from '#lib/server/platform/http/load.ts';
import { safePath } from '#lib/server/platform/http/redirects.ts';
import { finishAtProvider, testProvider } from '#lib/server/features/oauth/oauth-sign-in.http.ts';
import { signIn } from '#lib/server/features/sign-in/browser-session.http.ts';

export const load = loadForAnyone(async (event) => {
	const { locals, url } = event;
	const { services, settings } = locals.container;
	const finished = await finishAtProvider(event);
	if (await services.auth.isSetupPending()) redirect(303, '/auth/register');
	const refusal = finished ?? (locals.auth ? null : await testProvider(event));
	const wanted = safePath(url.searchParams.get('continue'));
	if (locals.auth && !refusal) redirect(303, wanted);
	const { server, passwordLogin } = settings.current.system;
	const hasEnded = hasEndedSession(event);
	if (hasEnded) clearCache(event);
	const { alwaysSecure } = settings.current.immichAuth.cookies;
	return {
		message: server.loginPageMessage,
		hasPasswordLogin: passwordLogin.enabled,
		providers: services.oauthFlow.providers().map(({ id, buttonText }) => ({ id, buttonText })),
		continued: wanted,
		refusal,
		host: url.host,
		hasEnded,
		secureUrl: takeRefusedCookie(event) ? `https://${url.host}` : null,
		isAlwaysSecure: alwaysSecure
	};
});

export const actions = {
	default: action(
		'login',
		({ body, event }) => signIn(event, body),
		({ event }) => safePath(event.url.searchParams.get('continue'))
	)
};
