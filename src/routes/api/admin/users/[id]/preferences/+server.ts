import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserPreferencesAdmin', ({ params, services }) =>
	services.userAdmin.getPreferences(params.id)
);
export const PUT = endpoint('updateUserPreferencesAdmin', ({ auth, params, body, services }) =>
	services.userAdmin.updatePreferences(auth, params.id, body)
);
export const PATCH = PUT;
