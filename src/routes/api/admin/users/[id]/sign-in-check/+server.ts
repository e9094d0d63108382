import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('checkSignIn', ({ params, services }) => services.signInCheck.check(params.id));
