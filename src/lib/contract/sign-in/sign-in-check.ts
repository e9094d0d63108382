import { z } from 'zod';
import { dateTime, idParams } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';

/** The checks of a sign-in, in order. */
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

/** `notice`: not open, but doesn't block the sign-in. `unreached`: after a closed gate. */
export const gateStates = ['open', 'closed', 'notice', 'unreached'] as const;
export type GateState = (typeof gateStates)[number];

/** How an admin can fix it. */
export const signInRemedies = ['createAccount', 'restore', 'resetPassword', 'renewPassword', 'allowPasswords'] as const;
export type SignInRemedy = (typeof signInRemedies)[number];

export const SignInCheckResponseDto = z
	.object({
		canSignIn: z.boolean(),
		/** The gate that blocks the user; null if none does. */
		stoppedBy: z.enum(signInGates).nullable(),
		remedy: z.enum(signInRemedies).nullable(),
		gates: z.array(z.object({ gate: z.enum(signInGates), state: z.enum(gateStates) })),
		/** When a temporary password expires or expired. */
		passwordExpiresAt: dateTime.nullable(),
		/** Addresses or networks blocked after too many wrong passwords for this user, and until when. */
		limitedFrom: z.array(z.object({ network: z.string(), until: dateTime })),
		/** Number of current sessions. */
		sessionCount: z.int()
	})
	.meta({ id: 'SignInCheckResponseDto' });
export type SignInCheck = z.output<typeof SignInCheckResponseDto>;

export const signInCheckOperations = defineOperations({
	checkSignIn: {
		summary: 'Check whether a user can sign in',
		rest: 'GET /api/admin/users/[id]/sign-in-check',
		access: { permission: 'adminUser.read', admin: true },
		params: idParams,
		reply: SignInCheckResponseDto
	},
	forgetSignInAttempts: {
		summary: 'Reset the limits on wrong passwords for one account',
		rest: 'DELETE /api/admin/users/[id]/sign-in-attempts',
		form: defineForm({ at: '/(console)/admin/users/[id=uuid]?/forgetAttempts', fields: z.object({}) }),
		// API keys need `all`: resetting the sign-in limit allows further guesses.
		access: { admin: true },
		params: idParams,
		status: 204
	}
});
