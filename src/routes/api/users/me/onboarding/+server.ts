import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserOnboarding', ({ auth, services }) => services.user.getOnboarding(auth));
export const PUT = endpoint('setUserOnboarding', ({ auth, body, services }) => services.user.setOnboarding(auth, body));
export const DELETE = endpoint('deleteUserOnboarding', ({ auth, services }) => services.user.deleteOnboarding(auth));
