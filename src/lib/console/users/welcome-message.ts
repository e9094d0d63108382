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
		isNew ? 'you have an account on our photo server.' : 'your password on our photo server has been reset.',
		`Address: ${origin}\nE-mail: ${email}\nPassword: ${password}`,
		expiresAt === null
			? 'Sign in with them at the address above.'
			: `This password works until ${day.format(new Date(expiresAt))}. When you sign in, you choose a password of your own.`
	].join('\n\n');
}
