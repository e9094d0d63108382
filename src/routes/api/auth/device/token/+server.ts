import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('takeDeviceToken', ({ body, clientInfo, services }) =>
	services.deviceAuthorization.takeToken(body, clientInfo)
);
