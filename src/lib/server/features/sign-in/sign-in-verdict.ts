import type { GateState, SignInCheck, SignInGate, SignInRemedy } from '#lib/contract/sign-in/sign-in-check.ts';

/** What is known about a user and the server, to find out why the user can't sign in. */
export interface SignInFacts {
	readonly exists: boolean;
	readonly isDeleted: boolean;
	/** Whether this server allows password sign-in. */
	readonly isPasswordSignInOn: boolean;
	readonly hasPassword: boolean;
	/** When a temporary password expires. */
	readonly passwordExpiresAt: Date | null;
	/** Whether a password change is required. */
	readonly mustChangePassword: boolean;
	/** Whether a sign-in limit blocks some network. */
	readonly isTriedTooOften: boolean;
	/** Whether this server allows OAuth sign-in. */
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
	// This stops a user only if password sign-in is disabled.
	oauthLinked: 'allowPasswords'
};

/** Checks all gates in order. After the user's own gates there are two sign-in methods; one is enough. */
export function evaluateSignIn(facts: SignInFacts, now: Date): Verdict {
	const user: Way = [
		['exists', facts.exists],
		['notDeleted', !facts.isDeleted]
	];
	const byPassword: Way = [
		['passwordSignIn', facts.isPasswordSignInOn],
		['passwordSet', facts.hasPassword],
		['passwordInTime', facts.passwordExpiresAt === null || facts.passwordExpiresAt > now]
	];
	// Doesn't prevent signing in: other networks are not blocked.
	const tries: Way = [['triesLeft', !facts.isTriedTooOften]];
	const byOAuth: Way = [
		['oauthSignIn', facts.isOAuthOn],
		['oauthLinked', facts.isOAuthLinked]
	];
	const isReached = isOpen(user);
	const isIn = isReached && (isOpen(byPassword) || isOpen(byOAuth));
	// If the server allows OAuth only, the missing password is not what stops the user.
	const meant = facts.isOAuthOn && !facts.isPasswordSignInOn ? byOAuth : byPassword;
	const stoppedBy = isIn ? null : firstClosed(isReached ? meant : user);
	const ownPassword: Way = [['ownPassword', !facts.mustChangePassword]];
	return {
		canSignIn: isIn,
		stoppedBy,
		remedy: stoppedBy && (remedies[stoppedBy] ?? null),
		gates: [
			...walk(user, true, stoppedBy),
			...walk(byPassword, isReached, stoppedBy),
			...walk(tries, isReached && isOpen(byPassword), stoppedBy),
			...walk(byOAuth, isReached, stoppedBy),
			...walk(ownPassword, isIn, stoppedBy)
		]
	};
}

const firstClosed = (way: Way): SignInGate | null => way.find(([, isGateOpen]) => !isGateOpen)?.[0] ?? null;
const isOpen = (way: Way): boolean => firstClosed(way) === null;

/** Checks the gates of one method until one is closed. */
function walk(way: Way, isStartReached: boolean, stoppedBy: SignInGate | null): Verdict['gates'] {
	let isReached = isStartReached;
	return way.map(([gate, isGateOpen]) => {
		const state: GateState = !isReached ? 'unreached' : isGateOpen ? 'open' : gate === stoppedBy ? 'closed' : 'notice';
		isReached &&= isGateOpen;
		return { gate, state };
	});
}
