interface Welcome {
	readonly name: string;
	readonly email: string;
	readonly password: string;
	/** The server's URL. */
	readonly origin: string;
	readonly expiresAt: string | null;
	readonly isNew: boolean;
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** Writes a ready-to-send message with everything a user needs to sign in with a password set by an admin. */
export function welcomeMessage({ name, email, password, origin, expiresAt, isNew }: Welcome): string {
	return [
		`Hello ${name},`,
		isNew ? 'I’ve created an account for you on our photo server.' : 'I’ve reset your password on our photo server.',
		`Address: ${origin}\nEmail: ${email}\nPassword: ${password}`,
		expiresAt === null
			? 'Sign in with these details at the address above.'
			: `This password works until ${day.format(new Date(expiresAt))}. You’ll choose your own password when you sign in.`
	].join('\n\n');
}
