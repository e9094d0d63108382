import { toFeatureStates } from '#lib/contract/users/features.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { toUploads } from '#lib/console/statistics/uploads.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const [
		shownUser,
		listed,
		sessions,
		apiKeys,
		password,
		preferences,
		statistics,
		trashed,
		heatmap,
		signInCheck,
		events,
		links
	] = await Promise.all([
		services.userAdmin.get(id),
		services.userDirectory.get(id),
		services.sessionAdmin.few(auth, id),
		services.apiKeyAdmin.list(id),
		services.userPassword.facts(id),
		services.userAdmin.getPreferences(id),
		services.userStatistics.count(id, {}),
		services.userStatistics.count(id, { isTrashed: true }),
		services.userStatistics.heatmap(id, { type: 'Upload' }),
		services.signInCheck.check(id),
		services.audit.recent(id),
		services.oauthLink.listLinks(id)
	]);
	const { deleteDelay } = event.locals.container.settings.current.system.user;
	const isSelf = id === auth.user.id;
	return {
		shownUser,
		listed,
		sessions,
		signInCheck,
		links,
		apiKeys,
		password,
		features: toFeatureStates(preferences),
		statistics,
		trashedCount: trashed.total,
		uploads: toUploads(heatmap),
		events,
		existing: await services.audit.listExisting(events),
		isSelf,
		deleteDelayDays: deleteDelay,
		nowMs: Date.now()
	};
});

export const actions = {
	endSession: action(
		'deleteUserSessionAdmin',
		({ auth, params, services }) => services.sessionAdmin.end(auth, params.id, params.sessionId),
		({ params }) => `/admin/users/${params.id}`
	),
	forgetAttempts: action(
		'forgetSignInAttempts',
		({ auth, params, services }) => services.signInCheck.forgetAttempts(auth, params.id),
		({ params }) => `/admin/users/${params.id}`
	),
	saveFeatures: action(
		'updateUserPreferencesAdmin',
		({ auth, params, body, services }) => services.userAdmin.updatePreferences(auth, params.id, body),
		({ params }) => `/admin/users/${params.id}`
	),
	restore: action(
		'restoreUserAdmin',
		({ auth, params, services }) => services.userAdmin.restore(auth, params.id),
		({ params }) => `/admin/users/${params.id}`
	),
	forcePasswordChange: action(
		'forcePasswordChange',
		({ auth, params, services }) => services.userPassword.requireChange(auth, params.id),
		({ params }) => `/admin/users/${params.id}`
	)
};
