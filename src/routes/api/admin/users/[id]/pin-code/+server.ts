import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('clearPinCodeAdmin', ({ auth, params, services }) =>
	services.pinCode.clear(auth, params.id)
);
