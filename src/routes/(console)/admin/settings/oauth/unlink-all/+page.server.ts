import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, auth }) => {
	const [count, { stranded: admins, isPasswordLoginOn }] = await Promise.all([
		services.oauthLink.countLinked(),
		services.oauthLink.listStrandedAdmins(auth)
	]);
	return { count, admins, isPasswordLoginOn };
});

export const actions = {
	default: action(
		'unlinkAllOAuthAccountsAdmin',
		({ auth, fields, services }) => services.oauthLink.unlinkAllConfirmed(auth, fields.confirmation),
		() => '/admin/settings/oauth'
	)
};
