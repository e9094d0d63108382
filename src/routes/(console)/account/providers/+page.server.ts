import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { getHost } from '#lib/server/features/settings/index.ts';
import { beginLink } from '#lib/server/features/oauth/oauth-sign-in.http.ts';

export const load = loadFor(async ({ auth, services, event }) => {
	const [links, status, isProofNeeded, { stranded }] = await Promise.all([
		services.oauthLink.listLinks(auth.user.id),
		services.auth.status(auth),
		services.user.isProofNeeded(auth),
		services.oauthLink.listStrandedAdmins(auth, auth.user.id)
	]);
	return {
		links,
		providers: services.oauthFlow.providers().map(({ id, issuerUrl }) => ({ id, host: getHost(issuerUrl) })),
		isProofNeeded,
		hasPassword: status.password,
		isStranded: stranded.length > 0,
		hasLinked: event.url.searchParams.has('linked')
	};
});

export const actions = {
	link: action('startOAuthLink', ({ auth, body, event }) => beginLink(event, auth, body)),
	unlink: action(
		'unlinkOAuthAccount',
		({ auth, fields, services }) => services.oauthLink.unlinkOwn(auth, fields.providerId || null),
		() => '/account/providers'
	)
};
