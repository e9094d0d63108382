import { action } from '#lib/server/platform/http/action.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const [shownUser, sessionCount, password] = await Promise.all([
		services.userAdmin.get(id),
		services.sessionAdmin.count(id),
		services.userPassword.facts(id)
	]);
	return {
		shownUser,
		origin: publicOrigin(event),
		isSelf: id === auth.user.id,
		sessionCount,
		apiKeyCount: password?.apiKeyCount ?? 0,
		temporaryLifetimeDays: event.locals.container.settings.current.immichAuth.passwords.temporaryLifetimeDays
	};
});

export const actions = {
	default: action('resetPassword', ({ auth, params, body, services }) =>
		services.userPassword.reset(auth, params.id, body)
	)
};
