export type SignInAnswer =
	| { readonly kind: 'done' }
	| { readonly kind: 'refused'; readonly message: string }
	/** Continues on another page: a password change is required, or a different user signed in. */
	| { readonly kind: 'elsewhere'; readonly address: string };

const messages: Readonly<Record<number, string>> = {
	401: 'Incorrect password, or this account can’t sign in.',
	429: 'Too many attempts. Try again in a few minutes.'
};
const otherwise = 'Couldn’t reach the server. Try again.';

/** Signs the user in again without leaving the page; the session is set as a cookie. */
export async function signInAgain(
	{ id, email }: { id: string; email: string },
	password: string
): Promise<SignInAnswer> {
	const answer = await fetch('/api/auth/login', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ email, password })
	}).catch(() => null);
	if (!answer?.ok) return { kind: 'refused', message: messages[answer?.status ?? 0] ?? otherwise };
	const account = (await answer.json()) as { userId: string; shouldChangePassword: boolean };
	if (account.userId !== id) return { kind: 'elsewhere', address: '/' };
	// The flag stays after users set their own password; only the server knows whether a change is required.
	if (account.shouldChangePassword && !(await isSignedInAs({ id })))
		return { kind: 'elsewhere', address: '/auth/change-password' };
	return { kind: 'done' };
}

/** Whether this browser is signed in as that user with full access. */
export async function isSignedInAs({ id }: { id: string }): Promise<boolean> {
	const response = await fetch('/api/users/me').catch(() => null);
	if (!response?.ok) return false;
	const me = (await response.json()) as { id: string };
	return me.id === id && (await readStanding(id)) === 'served';
}

export type Standing = 'served' | 'signedOut' | 'passwordChangeRequired' | 'unknown';

const standings: Readonly<Record<number, Standing>> = {
	200: 'served',
	401: 'signedOut',
	403: 'passwordChangeRequired'
};

/** Asks the server about the state of this browser's session. */
export async function readStanding(userId: string): Promise<Standing> {
	// Unlike `/users/me`, this is refused while a password change is required.
	const response = await fetch(`/api/users/${userId}`).catch(() => null);
	return standings[response?.status ?? 0] ?? 'unknown';
}
