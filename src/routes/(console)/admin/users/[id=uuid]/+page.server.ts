import { sessionIdOf } from '#lib/server/auth/auth.ts';
import { action } from '#lib/server/http/action.ts';
import { load as loadFor } from '#lib/server/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const [account, listed, sessions, password] = await Promise.all([
		services.userAdmin.get(id),
		services.userDirectory.get(id),
		services.userAdmin.listSessions(id, sessionIdOf(auth)),
		services.userPasswords.facts(id)
	]);
	const { deleteDelay } = event.locals.container.settings.current.system.user;
	const isSelf = id === auth.user.id;
	return { account, listed, sessions, password, isSelf, deleteDelayDays: deleteDelay, nowMs: Date.now() };
});

export const actions = {
	restore: action(
		'restoreUserAdmin',
		({ params, services }) => services.userAdmin.restore(params.id),
		({ params }) => `/admin/users/${params.id}`
	),
	forcePasswordChange: action(
		'forcePasswordChange',
		({ auth, params, services }) => services.userPasswords.demandChange(auth, params.id),
		({ params }) => `/admin/users/${params.id}`
	)
};
