import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { setupSenderOf } from '#lib/server/platform/http/local-request.ts';

export const POST = endpoint('signUpAdmin', ({ body, origin, services, event }) =>
	services.auth.signUpAdmin(body, origin, setupSenderOf(event.request))
);
