import { action } from '#lib/server/platform/http/action.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(({ event }) => ({
	origin: publicOrigin(event),
	temporaryLifetimeDays: event.locals.container.settings.current.immichAuth.passwords.temporaryLifetimeDays
}));

export const actions = {
	default: action('createUserAdmin', ({ auth, body, services }) => services.userAdmin.createWithPassword(auth, body))
};
