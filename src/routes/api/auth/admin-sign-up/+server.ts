import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('signUpAdmin', ({ body, origin, services }) => services.auth.signUpAdmin(body, origin));
