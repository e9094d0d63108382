import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, auth, id }) => {
	const [shownUser, links, facts, stranded] = await Promise.all([
		services.userAdmin.get(id),
		services.oauthLink.listLinks(id),
		services.userPassword.facts(id),
		services.oauthLink.listStrandedAdmins(auth, id)
	]);
	return { shownUser, links, hasPassword: facts?.hasPassword ?? false, ...stranded };
});

export const actions = {
	default: action(
		'unlinkUserOAuthAdmin',
		({ auth, params, fields, services }) => services.oauthLink.unlink(auth, params.id, fields.providerId || null),
		({ params }) => `/admin/users/${params.id}`
	)
};
