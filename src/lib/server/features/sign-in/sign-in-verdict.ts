import type { GateState, SignInCheck, SignInGate, SignInRemedy } from '#lib/contract/sign-in/sign-in-check.ts';

/** What is known of an account and of the server when somebody cannot get in. */
export interface SignInFacts {
	readonly exists: boolean;
	readonly isDeleted: boolean;
	/** Whether this server lets anybody in by password. */
	readonly isPasswordSignInOn: boolean;
	readonly hasPassword: boolean;
	/** When a temporary password ends. */
	readonly passwordExpiresAt: Date | null;
	/** Whether somebody else set the password, and another one has to be chosen before anything else. */
	readonly mustChangePassword: boolean;
	/** Whether so many wrong passwords came from somewhere that no more are heard from there. */
	readonly isTriedTooOften: boolean;
	/** Whether this server lets anybody in by OAuth. */
	readonly isOAuthOn: boolean;
	readonly isOAuthLinked: boolean;
}

type Verdict = Pick<SignInCheck, 'canSignIn' | 'stoppedBy' | 'remedy' | 'gates'>;
type Way = readonly (readonly [gate: SignInGate, isOpen: boolean])[];

const remedies: Partial<Record<SignInGate, SignInRemedy>> = {
	exists: 'createAccount',
	notDeleted: 'restore',
	passwordSignIn: 'allowPasswords',
	passwordSet: 'resetPassword',
	passwordInTime: 'renewPassword',
	// It stops somebody only where nobody signs in by password.
	oauthLinked: 'allowPasswords'
};

/** Walks through all gates in order. Two ways lead in after the account's own gates; one that is open is enough. */
export function judgeSignIn(facts: SignInFacts, now: Date): Verdict {
	const account: Way = [
		['exists', facts.exists],
		['notDeleted', !facts.isDeleted]
	];
	const byPassword: Way = [
		['passwordSignIn', facts.isPasswordSignInOn],
		['passwordSet', facts.hasPassword],
		['passwordInTime', facts.passwordExpiresAt === null || facts.passwordExpiresAt > now]
	];
	// From elsewhere they get in all the same.
	const tries: Way = [['triesLeft', !facts.isTriedTooOften]];
	const byOAuth: Way = [
		['oauthSignIn', facts.isOAuthOn],
		['oauthLinked', facts.isOAuthLinked]
	];
	const isReached = isOpen(account);
	const isIn = isReached && (isOpen(byPassword) || isOpen(byOAuth));
	// Where the server lets people in by OAuth only, the password is not what this person lacks.
	const meant = facts.isOAuthOn && !facts.isPasswordSignInOn ? byOAuth : byPassword;
	const stoppedBy = isIn ? null : firstClosed(isReached ? meant : account);
	const ownPassword: Way = [['ownPassword', !facts.mustChangePassword]];
	return {
		canSignIn: isIn,
		stoppedBy,
		remedy: stoppedBy && (remedies[stoppedBy] ?? null),
		gates: [
			...walk(account, true, stoppedBy),
			...walk(byPassword, isReached, stoppedBy),
			...walk(tries, isReached && isOpen(byPassword), stoppedBy),
			...walk(byOAuth, isReached, stoppedBy),
			...walk(ownPassword, isIn, stoppedBy)
		]
	};
}

const firstClosed = (way: Way): SignInGate | null => way.find(([, isGateOpen]) => !isGateOpen)?.[0] ?? null;
const isOpen = (way: Way): boolean => firstClosed(way) === null;

/** Goes along one way until a gate of it is not open. */
function walk(way: Way, isStartReached: boolean, stoppedBy: SignInGate | null): Verdict['gates'] {
	let isReached = isStartReached;
	return way.map(([gate, isGateOpen]) => {
		const state: GateState = !isReached ? 'unreached' : isGateOpen ? 'open' : gate === stoppedBy ? 'closed' : 'notice';
		isReached &&= isGateOpen;
		return { gate, state };
	});
}
