import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getUserPreferencesAdmin', ({ params, services }) =>
	services.userAdmin.getPreferences(params.id)
);
export const PUT = endpoint('updateUserPreferencesAdmin', ({ params, body, services }) =>
	services.userAdmin.updatePreferences(params.id, body)
);
export const PATCH = PUT;
