import { z } from 'zod';
import { dateTime, idParams } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';

/** What stands between a person and the way in, in the order in which it is met. */
export const signInGates = [
	'exists',
	'notDeleted',
	'passwordSignIn',
	'passwordSet',
	'passwordInTime',
	'triesLeft',
	'oauthSignIn',
	'oauthLinked',
	'ownPassword'
] as const;
export type SignInGate = (typeof signInGates)[number];

/** `notice`: not open, but not what stops anybody. `unreached`: behind one that is not open. */
export const gateStates = ['open', 'closed', 'notice', 'unreached'] as const;
export type GateState = (typeof gateStates)[number];

/** What mends it. */
export const signInRemedies = ['createAccount', 'restore', 'resetPassword', 'renewPassword', 'allowPasswords'] as const;
export type SignInRemedy = (typeof signInRemedies)[number];

export const SignInCheckResponseDto = z
	.object({
		canSignIn: z.boolean(),
		/** The gate that stops the person; null where none does. */
		stoppedBy: z.enum(signInGates).nullable(),
		remedy: z.enum(signInRemedies).nullable(),
		gates: z.array(z.object({ gate: z.enum(signInGates), state: z.enum(gateStates) })),
		/** When a temporary password ends, or has ended. */
		passwordExpiresAt: dateTime.nullable(),
		/** Where too many wrong passwords were sent for this person: an address or its network, and until when it is shut out. */
		limitedFrom: z.array(z.object({ network: z.string(), until: dateTime })),
		/** Where the person is signed in now. */
		sessionCount: z.int()
	})
	.meta({ id: 'SignInCheckResponseDto' });
export type SignInCheck = z.output<typeof SignInCheckResponseDto>;

export const signInCheckOperations = defineOperations({
	checkSignIn: {
		summary: 'Tell whether somebody can sign in, and what stops them.',
		rest: 'GET /api/admin/users/[id]/sign-in-check',
		access: { permission: 'adminUser.read', admin: true },
		params: idParams,
		reply: SignInCheckResponseDto
	},
	forgetSignInAttempts: {
		summary: 'Reset the limits on wrong passwords for one account.',
		rest: 'DELETE /api/admin/users/[id]/sign-in-attempts',
		form: defineForm({ at: '/(console)/admin/users/[id=uuid]?/forgetAttempts', fields: z.object({}) }),
		// Keys need `all`: lifting the limit on wrong passwords lets someone guess on.
		access: { admin: true },
		params: idParams,
		status: 204
	}
});
