import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const [shownUser, sessionCount, password] = await Promise.all([
		services.userAdmin.get(id),
		services.sessionAdmin.count(id),
		services.userPassword.facts(id)
	]);
	const { deleteDelay } = event.locals.container.settings.current.system.user;
	return {
		shownUser,
		isSelf: id === auth.user.id,
		sessionCount,
		apiKeyCount: password?.apiKeyCount ?? 0,
		deleteDelayDays: deleteDelay
	};
});

export const actions = {
	default: action(
		'deleteUserAdmin',
		({ auth, params, fields, services }) => services.userAdmin.deleteConfirmed(auth, params.id, fields),
		({ params, fields }) => (fields.force ? '/admin/users' : `/admin/users/${params.id}`)
	)
};
