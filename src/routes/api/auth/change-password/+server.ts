import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('changePassword', ({ auth, body, services }) => services.auth.changePassword(auth, body));
