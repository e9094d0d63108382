import { z } from 'zod';
import { dateTime, idParams } from './fields.ts';
import { defineOperations } from './operation.ts';

/** What stands between a person and the way in, in the order in which it is met. */
export const signInGates = [
	'exists',
	'notDeleted',
	'passwordSignIn',
	'passwordSet',
	'passwordInTime',
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
	}
});
