import { action } from '#lib/server/http/action.ts';
import { load as loadFor } from '#lib/server/http/load.ts';

export const load = loadFor(async ({ services, auth, event }) => {
	const [count, admins] = await Promise.all([
		services.oauthLinks.countLinked(),
		services.oauthLinks.listStrandedAdmins()
	]);
	const { passwordLogin } = event.locals.container.settings.current.system;
	return {
		count,
		admins: admins.map((admin) => ({ ...admin, isOwn: admin.id === auth.user.id })),
		isPasswordLoginOn: passwordLogin.enabled
	};
});

export const actions = {
	default: action(
		'unlinkAllOAuthAccountsAdmin',
		({ auth, fields, services }) => services.oauthLinks.unlinkAllConfirmed(auth, fields.confirmation),
		() => '/admin/settings/oauth'
	)
};
