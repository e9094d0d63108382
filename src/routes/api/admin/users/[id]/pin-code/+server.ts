import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('clearPinCodeAdmin', ({ auth, params, services }) =>
	services.pinCodes.clear(auth, params.id)
);
