import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getMyPreferences', ({ auth, services }) => services.user.getPreferences(auth.user.id));
export const PUT = endpoint('updateMyPreferences', ({ auth, body, services }) =>
	services.user.updatePreferences(auth, body)
);
export const PATCH = PUT;
