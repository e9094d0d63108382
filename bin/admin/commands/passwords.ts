import { randomBytes } from 'node:crypto';
import { newPassword } from '#lib/contract/fields.ts';
import { CommandError, UsageError } from '../failure.ts';
import { printable, say } from '../output.ts';
import { askEmail, askPassword, askYesOrNo, readPasswordFromStdin, requireTerminal } from '../prompts.ts';
import { withServer } from '../server.ts';

interface PasswordOptions {
	readonly passwordStdin?: true;
	readonly generate?: true;
	readonly yes?: true;
}

const passwordInstead = 'Pass the new password with --password-stdin, or have one generated with --generate.';

/** A password that was given or is to be generated, or null to ask for one. */
type Given = { readonly password: string | undefined } | null;

/** Reads what the options say about the password, before anything else is done. */
async function readGiven({ passwordStdin, generate, yes }: PasswordOptions): Promise<Given> {
	if (passwordStdin && generate) throw new UsageError('Use either --password-stdin or --generate.');
	if (passwordStdin) return { password: checkPassword(await readPasswordFromStdin()) };
	if (generate || yes) return { password: undefined };
	requireTerminal(passwordInstead);
	return null;
}

/** Returns the new password; undefined to have one generated. */
async function choosePassword(given: Given): Promise<string | undefined> {
	if (given) return given.password;
	const typed = await askPassword('Please choose a new password (optional)', passwordInstead);
	return typed === '' ? undefined : checkPassword(typed);
}

function checkPassword(typed: string): string {
	const checked = newPassword.safeParse(typed);
	if (checked.success) return typed;
	throw new CommandError(`The password cannot be used: ${checked.error.issues[0]?.message ?? 'not valid'}`);
}

const generatedBytes = 24;
/** Source: docs/wire-reference/command-line.md#immich-admin. */
const generatePassword = (): string => randomBytes(generatedBytes).toString('base64').replaceAll(/\W/g, '');

export interface AdminPasswordOptions extends PasswordOptions {
	readonly keepSessions?: true;
}

const sessionsInstead = 'End the existing sessions with --yes, or keep them with --keep-sessions.';

/** Sets the first admin's password. */
export async function resetAdminPassword(options: AdminPasswordOptions): Promise<void> {
	const { keepSessions, yes } = options;
	const given = await readGiven(options);
	if (!keepSessions && !yes) requireTerminal(sessionsInstead);
	await withServer(async ({ services: { userRecovery }, auth }) => {
		const admin = await userRecovery.findAdmin();
		say(
			[
				'Found Admin:',
				`- ID=${admin.id}`,
				`- OAuth ID=${printable(admin.oauthId)}`,
				`- Email=${printable(admin.email)}`,
				`- Name=${printable(admin.name)}`
			].join('\n')
		);
		const chosen = await choosePassword(given);
		const areSessionsEnded =
			!keepSessions && (yes ?? (await askYesOrNo('Invalidate existing sessions?', sessionsInstead)));
		const password = chosen ?? generatePassword();
		await userRecovery.setAdminPassword(auth, admin.id, { password, areSessionsEnded });
		say(
			chosen === undefined
				? `The admin password has been updated to:\n${password}`
				: 'The admin password has been updated.'
		);
	});
}

export interface UserPasswordOptions extends PasswordOptions {
	readonly email?: string;
	readonly keepApiKeys?: true;
}

const apiKeysInstead = 'Revoke the existing API keys with --yes, or keep them with --keep-api-keys.';

/** Gives a user a temporary password, as admins do in the console. */
export async function resetPassword(options: UserPasswordOptions): Promise<void> {
	const { keepApiKeys, yes } = options;
	const askedEmail = await askEmail(options);
	const given = await readGiven(options);
	if (!keepApiKeys && !yes) requireTerminal(apiKeysInstead);
	await withServer(async ({ services: { userRecovery, userPassword }, auth }) => {
		const { id, email } = await userRecovery.findByEmail(askedEmail);
		const chosen = await choosePassword(given);
		const revokeApiKeys = !keepApiKeys && (yes ?? (await askYesOrNo('Revoke existing API keys?', apiKeysInstead)));
		const { password, expiresAt } = await userPassword.reset(auth, id, {
			revokeApiKeys,
			...(chosen !== undefined && { password: chosen })
		});
		const done = `The password of ${printable(email)} has been updated`;
		say(chosen === undefined ? `${done} to:\n${password}` : `${done}.`);
		say(`It is temporary: it must be changed at the next sign-in, and expires at ${expiresAt}.`);
	});
}
