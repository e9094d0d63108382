import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserOnboarding', ({ auth, services }) => services.users.getOnboarding(auth));
export const PUT = endpoint('setUserOnboarding', ({ auth, body, services }) =>
	services.users.setOnboarding(auth, body)
);
export const DELETE = endpoint('deleteUserOnboarding', ({ auth, services }) => services.users.deleteOnboarding(auth));
