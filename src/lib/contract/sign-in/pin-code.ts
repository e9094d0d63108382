import { z } from 'zod';
import { idParams, pinCode, secret, sentPassword } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';

export const PinCodeSetupDto = z.object({ pinCode }).meta({ id: 'PinCodeSetupDto' });

/** Proof of the user: the PIN itself or the password. */
const proof = { pinCode: pinCode.optional(), password: sentPassword.optional() };

export const PinCodeChangeDto = z.object({ ...proof, newPinCode: pinCode }).meta({ id: 'PinCodeChangeDto' });
export const PinCodeResetDto = z.object(proof).meta({ id: 'PinCodeResetDto' });
export const SessionUnlockDto = z.object(proof).meta({ id: 'SessionUnlockDto' });
export type Proof = z.output<typeof PinCodeResetDto>;

const differs = { error: 'PINs don’t match.' };
const noPin = { error: 'A PIN has six digits.' };
const pinField = secret(z.string().regex(/^\d{6}$/, noPin));
const pinFieldAgain = secret(z.string().max(100));
const proofFields = { pinCode: secret(z.string().regex(/^(\d{6})?$/, noPin)), password: sentPassword };

/** Empty fields are not sent as proof. */
const shown = ({ pinCode: pin, password }: { pinCode: string; password: string }): Proof => ({
	...(pin === '' ? {} : { pinCode: pin }),
	...(password === '' ? {} : { password })
});

export const pinCodeOperations = defineOperations({
	setupPinCode: {
		summary: 'Set a first PIN',
		rest: 'POST /api/auth/pin-code',
		form: defineForm({
			at: '/(console)/account/pin?/setup',
			fields: z
				.object({ pinCode: pinField, pinCodeAgain: pinFieldAgain })
				.refine((fields) => fields.pinCode === fields.pinCodeAgain, { ...differs, path: ['pinCodeAgain'] }),
			toBody: (fields) => ({ pinCode: fields.pinCode })
		}),
		access: { permission: 'pinCode.create' },
		body: PinCodeSetupDto,
		status: 204
	},
	changePinCode: {
		summary: 'Change the PIN, by the old one or by the password',
		rest: 'PUT /api/auth/pin-code',
		form: defineForm({
			at: '/(console)/account/pin/change?/default',
			fields: z
				.object({ ...proofFields, newPinCode: pinField, newPinCodeAgain: pinFieldAgain })
				.refine((fields) => fields.newPinCode === fields.newPinCodeAgain, { ...differs, path: ['newPinCodeAgain'] }),
			toBody: ({ newPinCode, ...proof }) => ({ ...shown(proof), newPinCode })
		}),
		access: { permission: 'pinCode.update' },
		body: PinCodeChangeDto,
		status: 204
	},
	resetPinCode: {
		summary: 'Remove the PIN and lock all sessions',
		rest: 'DELETE /api/auth/pin-code',
		form: defineForm({ at: '/(console)/account/pin/remove?/default', fields: z.object(proofFields), toBody: shown }),
		access: { permission: 'pinCode.delete' },
		body: PinCodeResetDto,
		status: 204
	},
	unlockAuthSession: {
		summary: 'Unlock this session for 15 minutes',
		rest: 'POST /api/auth/session/unlock',
		form: defineForm({
			at: ['/(console)/account/pin?/unlock', '/(console)/photos/locked?/unlock'],
			fields: z.object(proofFields),
			toBody: shown
		}),
		access: {},
		body: SessionUnlockDto,
		status: 204
	},
	lockAuthSession: {
		summary: 'Lock this session',
		rest: 'POST /api/auth/session/lock',
		form: defineForm({ at: ['/(console)/account/pin?/lock', '/(console)/photos/locked?/lock'], fields: z.object({}) }),
		access: {},
		status: 204
	},
	clearPinCodeAdmin: {
		summary: 'Remove the PIN of one account, and lock its sessions',
		rest: 'DELETE /api/admin/users/[id]/pin-code',
		form: defineForm({ at: '/(console)/admin/users/[id=uuid]/clear-pin?/default', fields: z.object({}) }),
		// API keys need `all`, as for every change of credentials.
		access: { admin: true },
		params: idParams,
		status: 204
	}
});
