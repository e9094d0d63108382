import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('restoreUserAdmin', ({ params, services }) => services.userAdmin.restore(params.id));
