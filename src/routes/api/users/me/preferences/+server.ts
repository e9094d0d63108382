import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getMyPreferences', ({ auth, services }) => services.users.getPreferences(auth.user.id));
export const PUT = endpoint('updateMyPreferences', ({ auth, body, services }) =>
	services.users.updatePreferences(auth, body)
);
export const PATCH = PUT;
