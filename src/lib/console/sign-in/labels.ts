import type { SignInCheck, SignInGate, SignInRemedy } from '#lib/contract/sign-in/sign-in-check.ts';

/** Sentences for an open and a closed gate. */
interface GateWords {
	readonly open: string;
	readonly closed: string;
}

export const gateWords: Readonly<Record<SignInGate, GateWords>> = {
	exists: { open: 'The account exists', closed: 'There is no such account' },
	notDeleted: { open: 'The account is not deleted', closed: 'The account is deleted' },
	passwordSignIn: {
		open: 'This server lets people in by password',
		closed: 'This server lets nobody in by password'
	},
	passwordSet: { open: 'A password is set', closed: 'No password is set' },
	passwordInTime: { open: 'The password has not expired', closed: 'The temporary password has expired' },
	triesLeft: {
		open: 'Nowhere was the password wrong too often',
		closed: 'From some places the password was wrong too often'
	},
	oauthSignIn: { open: 'This server lets people in by OAuth', closed: 'This server lets nobody in by OAuth' },
	oauthLinked: { open: 'The account is linked at the provider', closed: 'The account is not linked at the provider' },
	ownPassword: {
		open: 'Nothing has to be done after signing in',
		closed: 'A new password has to be chosen after signing in, before anything else'
	}
};

/** Whether a gate is open; `harmless` is a closed one that the user doesn't need. */
export const gateStates = {
	open: 'Yes',
	closed: 'No, and this stops them',
	notice: 'Mind',
	unreached: 'Not reached',
	harmless: 'No, which does not matter'
} as const;

/** A button that fixes the problem, or text if no page does. */
export type Remedy =
	| { readonly kind: 'link'; readonly label: string; readonly href: string }
	| { readonly kind: 'form'; readonly label: string; readonly action: string }
	| { readonly kind: 'words'; readonly text: string };

export function getRemedy(remedy: SignInRemedy, userId: string): Remedy {
	switch (remedy) {
		case 'createAccount':
			return { kind: 'link', label: 'Create a user', href: '/admin/users/new' };
		case 'restore':
			return { kind: 'form', label: 'Restore the account', action: `/admin/users/${userId}?/restore` };
		case 'resetPassword':
			return { kind: 'link', label: 'Give a password', href: `/admin/users/${userId}/reset-password` };
		case 'renewPassword':
			return { kind: 'link', label: 'Give a new temporary password', href: `/admin/users/${userId}/reset-password` };
		case 'allowPasswords':
			return { kind: 'words', text: 'Switch password sign-in on in the server’s settings.' };
	}
}

/** The result in one sentence. */
export function getVerdict({ canSignIn, stoppedBy, gates }: SignInCheck): string {
	if (stoppedBy) return `${gateWords[stoppedBy].closed}.`;
	const isNoticed = (wanted: SignInGate) => gates.some(({ gate, state }) => gate === wanted && state === 'notice');
	if (isNoticed('triesLeft')) return 'Too many wrong passwords. They can sign in from elsewhere only.';
	if (canSignIn && isNoticed('ownPassword')) return 'They can sign in, and then have to choose a new password.';
	return 'Nothing stops them. Perhaps the e-mail address or the password is mistyped.';
}
