import { featureStatesOf } from '#lib/contract/features.ts';
import { sessionIdOf } from '#lib/server/auth/auth.ts';
import { action } from '#lib/server/http/action.ts';
import { toUploads } from '#lib/console/uploads.ts';
import { load as loadFor } from '#lib/server/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const [account, listed, sessions, apiKeys, password, preferences, statistics, trashed, heatmap] = await Promise.all([
		services.userAdmin.get(id),
		services.userDirectory.get(id),
		services.userAdmin.listSessions(id, sessionIdOf(auth)),
		services.userApiKeys.list(id),
		services.userPasswords.facts(id),
		services.userAdmin.getPreferences(id),
		services.userStatistics.count(id, {}),
		services.userStatistics.count(id, { isTrashed: true }),
		services.userStatistics.heatmap(id, { type: 'Upload' })
	]);
	const { deleteDelay } = event.locals.container.settings.current.system.user;
	const isSelf = id === auth.user.id;
	return {
		account,
		listed,
		sessions,
		apiKeys,
		password,
		features: featureStatesOf(preferences),
		statistics,
		trashedCount: trashed.total,
		uploads: toUploads(heatmap),
		isSelf,
		deleteDelayDays: deleteDelay,
		nowMs: Date.now()
	};
});

export const actions = {
	saveFeatures: action(
		'updateUserPreferencesAdmin',
		({ params, body, services }) => services.userAdmin.updatePreferences(params.id, body),
		({ params }) => `/admin/users/${params.id}`
	),
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
