import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signInGates } from '#lib/contract/sign-in/sign-in-check.ts';
import { evaluateSignIn, type SignInFacts } from '#lib/server/features/sign-in/sign-in-verdict.ts';

const now = new Date('2026-07-21T10:00:00.000Z');
const fine: SignInFacts = {
	exists: true,
	isDeleted: false,
	isPasswordSignInOn: true,
	hasPassword: true,
	passwordExpiresAt: null,
	mustChangePassword: false,
	isTriedTooOften: false,
	isOAuthOn: false,
	isOAuthLinked: false
};
const judge = (facts: Partial<SignInFacts>) => evaluateSignIn({ ...fine, ...facts }, now);
const getState = (facts: Partial<SignInFacts>, gate: string) =>
	judge(facts).gates.find((found) => found.gate === gate)?.state;

describe('evaluateSignIn', () => {
	it.each<[string, Partial<SignInFacts>, string | null, string | null]>([
		['nothing wrong', {}, null, null],
		['no such account', { exists: false, hasPassword: false }, 'exists', 'createAccount'],
		['deleted', { isDeleted: true }, 'notDeleted', 'restore'],
		['deleted, and more', { isDeleted: true, hasPassword: false, isPasswordSignInOn: false }, 'notDeleted', 'restore'],
		['no passwords here', { isPasswordSignInOn: false }, 'passwordSignIn', 'allowPasswords'],
		['no password', { hasPassword: false }, 'passwordSet', 'resetPassword'],
		['an expired password', { passwordExpiresAt: now }, 'passwordInTime', 'renewPassword'],
		['a temporary password in time', { passwordExpiresAt: new Date(now.getTime() + 1) }, null, null],
		['a demanded change', { mustChangePassword: true }, null, null],
		['by OAuth, without a password', { hasPassword: false, isOAuthOn: true, isOAuthLinked: true }, null, null],
		['by OAuth, with an expired one', { passwordExpiresAt: now, isOAuthOn: true, isOAuthLinked: true }, null, null],
		['by OAuth alone', { isPasswordSignInOn: false, isOAuthOn: true, isOAuthLinked: true }, null, null],
		['not linked, by OAuth alone', { isPasswordSignInOn: false, isOAuthOn: true }, 'oauthLinked', 'allowPasswords'],
		['neither way', { hasPassword: false, isOAuthOn: true }, 'passwordSet', 'resetPassword'],
		['linked, but OAuth is off', { hasPassword: false, isOAuthLinked: true }, 'passwordSet', 'resetPassword']
	])('%s', (_, facts, stoppedBy, remedy) => {
		expect(judge(facts)).toMatchObject({ canSignIn: stoppedBy === null, stoppedBy, remedy });
	});

	it('reports too many attempts without blocking the user, who can sign in from elsewhere', () => {
		expect(getState({ isTriedTooOften: true }, 'triesLeft')).toBe('notice');
		expect(judge({ isTriedTooOften: true })).toMatchObject({ canSignIn: true, stoppedBy: null });
	});

	it('reports a required password change without blocking the user', () => {
		expect(getState({ mustChangePassword: true }, 'ownPassword')).toBe('notice');
	});

	it('reveals nothing behind the gate that blocks', () => {
		const states = judge({ isDeleted: true, mustChangePassword: true }).gates.map(({ state }) => state);
		expect(states).toEqual(['open', 'closed', ...Array.from({ length: 7 }, () => 'unreached')]);
	});

	it('lists every gate once, in order, and blocks at one exactly if sign-in is impossible', () => {
		const anyFacts = fc.record({
			exists: fc.boolean(),
			isDeleted: fc.boolean(),
			isPasswordSignInOn: fc.boolean(),
			hasPassword: fc.boolean(),
			passwordExpiresAt: fc.constantFrom(null, now, new Date(now.getTime() + 1)),
			mustChangePassword: fc.boolean(),
			isTriedTooOften: fc.boolean(),
			isOAuthOn: fc.boolean(),
			isOAuthLinked: fc.boolean()
		});
		fc.assert(
			fc.property(anyFacts, (facts) => {
				const { canSignIn, stoppedBy, remedy, gates } = evaluateSignIn(facts, now);
				expect(gates.map(({ gate }) => gate)).toEqual(signInGates);
				expect(gates.filter(({ state }) => state === 'closed').map(({ gate }) => gate)).toEqual(
					stoppedBy ? [stoppedBy] : []
				);
				expect([stoppedBy === null, remedy === null]).toEqual([canSignIn, canSignIn]);
			})
		);
	});
});
