import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAdminOnboarding', ({ services }) => services.server.adminOnboarding());
export const POST = endpoint('updateAdminOnboarding', ({ auth, body, services }) =>
	services.server.setAdminOnboarding(auth, body)
);
