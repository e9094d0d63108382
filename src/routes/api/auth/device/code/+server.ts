import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

export const POST = endpoint('requestDeviceCode', ({ body, clientInfo, services, event }) =>
	services.deviceAuthorization.requestCode(body, clientInfo, publicOrigin(event))
);
