import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { getSetupSender } from '#lib/server/platform/http/local-request.ts';

export const POST = endpoint('signUpAdmin', ({ body, clientInfo, services, event }) =>
	services.auth.signUpAdmin(body, clientInfo, getSetupSender(event))
);
