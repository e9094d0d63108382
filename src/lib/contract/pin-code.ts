import { z } from 'zod';
import { pinCode } from './fields.ts';
import { defineOperations } from './operation.ts';

export const PinCodeSetupDto = z.object({ pinCode }).meta({ id: 'PinCodeSetupDto' });

/** What shows that one may: the PIN itself, or the password. */
const proof = { pinCode: pinCode.optional(), password: z.string().optional() };

export const PinCodeChangeDto = z.object({ ...proof, newPinCode: pinCode }).meta({ id: 'PinCodeChangeDto' });
export const PinCodeResetDto = z.object(proof).meta({ id: 'PinCodeResetDto' });
export const SessionUnlockDto = z.object(proof).meta({ id: 'SessionUnlockDto' });
export type Proof = z.output<typeof PinCodeResetDto>;

export const pinCodeOperations = defineOperations({
	setupPinCode: {
		summary: 'Set a first PIN.',
		rest: 'POST /api/auth/pin-code',
		access: { permission: 'pinCode.create' },
		body: PinCodeSetupDto,
		status: 204
	},
	changePinCode: {
		summary: 'Change the PIN, by the old one or by the password.',
		rest: 'PUT /api/auth/pin-code',
		access: { permission: 'pinCode.update' },
		body: PinCodeChangeDto,
		status: 204
	},
	resetPinCode: {
		summary: 'Remove the PIN, and lock all of one’s sessions.',
		rest: 'DELETE /api/auth/pin-code',
		access: { permission: 'pinCode.delete' },
		body: PinCodeResetDto,
		status: 204
	},
	unlockAuthSession: {
		summary: 'Unlock what is locked, for this session and a quarter of an hour.',
		rest: 'POST /api/auth/session/unlock',
		access: {},
		body: SessionUnlockDto,
		status: 204
	},
	lockAuthSession: {
		summary: 'Lock it again.',
		rest: 'POST /api/auth/session/lock',
		access: {},
		status: 204
	}
});
