import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('changePassword', ({ auth, body, services }) => services.auth.changePassword(auth, body));
