import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('setupPinCode', ({ auth, body, services }) => services.pinCode.setup(auth, body.pinCode));
export const PUT = endpoint('changePinCode', ({ auth, body: { newPinCode, ...proof }, services }) =>
	services.pinCode.change(auth, proof, newPinCode)
);
export const DELETE = endpoint('resetPinCode', ({ auth, body, services }) => services.pinCode.reset(auth, body));
