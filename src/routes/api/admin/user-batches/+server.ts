import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('createUserBatch', ({ auth, body, services }) => services.userBatch.draft(auth, body));
