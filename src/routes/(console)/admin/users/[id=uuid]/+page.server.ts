import { sessionIdOf } from '#lib/server/auth/auth.ts';
import { action } from '#lib/server/http/action.ts';
import { load as loadFor } from '#lib/server/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const user = await services.userAdmin.get(id);
	const [sessions, password] = await Promise.all([
		services.userAdmin.listSessions(id, sessionIdOf(auth)),
		services.userAdmin.getPasswordState(id)
	]);
	const { deleteDelay } = event.locals.container.settings.current.system.user;
	return { account: user, sessions, password, isSelf: id === auth.user.id, deleteDelayDays: deleteDelay };
});

export const actions = {
	restore: action(
		'restoreUserAdmin',
		({ params, services }) => services.userAdmin.restore(params.id),
		({ params }) => `/admin/users/${params.id}`
	),
	forcePasswordChange: action(
		'forcePasswordChange',
		({ auth, params, services }) => services.userAdmin.forcePasswordChange(auth, params.id),
		({ params }) => `/admin/users/${params.id}`
	)
};
