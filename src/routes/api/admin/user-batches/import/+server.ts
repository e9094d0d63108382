import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('importUsers', ({ auth, body, services }) =>
	services.userBatch.draftImport(auth, body.csv, body.withPasswords ?? true)
);
