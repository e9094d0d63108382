import type { SignInCheck, SignInGate, SignInRemedy } from '#lib/contract/sign-in/sign-in-check.ts';

/** Sentences for an open and a closed gate. */
interface GateWords {
	readonly open: string;
	readonly closed: string;
}

export const gateWords: Readonly<Record<SignInGate, GateWords>> = {
	exists: { open: 'The account exists', closed: 'The account doesn’t exist' },
	notDeleted: { open: 'The account is not deleted', closed: 'The account is deleted' },
	passwordSignIn: {
		open: 'Password sign-in is enabled',
		closed: 'Password sign-in is disabled'
	},
	passwordSet: { open: 'A password is set', closed: 'No password is set' },
	passwordInTime: { open: 'The password has not expired', closed: 'The temporary password has expired' },
	triesLeft: {
		open: 'Not locked out after failed attempts',
		closed: 'Locked out after too many failed attempts'
	},
	oauthSignIn: { open: 'OAuth sign-in is enabled', closed: 'OAuth sign-in is disabled' },
	oauthLinked: { open: 'An OAuth account is linked', closed: 'The account is not linked at the provider' },
	ownPassword: {
		open: 'No password change required',
		closed: 'Must choose a new password at next sign-in'
	}
};

/** Whether a gate is open; `harmless` is a closed one that the user doesn't need. */
export const gateStates = {
	open: 'Yes',
	closed: 'Blocking',
	notice: 'Warning',
	unreached: 'Not checked',
	harmless: 'Not required'
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
			return { kind: 'link', label: 'Set a temporary password', href: `/admin/users/${userId}/reset-password` };
		case 'renewPassword':
			return { kind: 'link', label: 'Set a new temporary password', href: `/admin/users/${userId}/reset-password` };
		case 'allowPasswords':
			return { kind: 'words', text: 'Turn on password sign-in in Settings.' };
	}
}

/** The result in one sentence. */
export function getVerdict({ canSignIn, stoppedBy, gates }: SignInCheck): string {
	if (stoppedBy) return `${gateWords[stoppedBy].closed}.`;
	const isNoticed = (wanted: SignInGate) => gates.some(({ gate, state }) => gate === wanted && state === 'notice');
	if (isNoticed('triesLeft')) return 'Locked out from these addresses after too many wrong passwords.';
	if (canSignIn && isNoticed('ownPassword')) return 'Can sign in, but must choose a new password first.';
	return 'Sign-in should work. Check that the email and password are typed correctly.';
}
