import { action } from '#lib/server/http/action.ts';
import { load as loadFor } from '#lib/server/http/load.ts';

export const load = loadFor(({ event }) => ({
	origin: event.url.origin,
	temporaryLifetimeDays: event.locals.container.settings.current.immichAuth.passwords.temporaryLifetimeDays
}));

export const actions = {
	default: action('createUserAdmin', ({ auth, body, services }) => services.userAdmin.createWithPassword(auth, body))
};
