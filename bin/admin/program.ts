import { Command, CommanderError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import type { AttachOptions, DetachOptions } from './commands/attach.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { RotateOptions } from './commands/database.ts';
import type { AdminPasswordOptions, UserPasswordOptions } from './commands/passwords.ts';
import type { OAuthLoginOptions, PasswordLoginOptions } from './commands/sign-in.ts';
import type { ListOptions } from './commands/users.ts';
import { allowClosedPipes, complain } from './output.ts';
import type { EmailOptions } from './prompts.ts';

/** Runs a command whose code is loaded on demand; `failure` is added to the message of an error. */
type Run = (failure: string | null, command: () => Promise<unknown>) => Promise<void>;

const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;

const email = () => new Option('--email <email>', 'the user, instead of being asked');
const passwordStdin = () => new Option('--password-stdin', 'read the new password from a pipe');
const generate = () => new Option('--generate', 'generate a password and print it');
const yes = (what: string) => new Option('-y, --yes', what);

/** All commands; names and texts are Immich's where it has them: docs/wire-reference/command-line.md#immich-admin. */
function createProgram(run: Run): Command {
	const program = new Command('immich-admin')
		.description(
			'Administers an immich-auth server on its own machine, directly on its database: for admins who are locked out.\nUses the same environment variables as the server, which can be running or stopped.'
		)
		.version(manifest.version)
		.showHelpAfterError('(immich-admin --help lists commands and options)')
		.addHelpText(
			'after',
			`${examples('immich-admin list-users', 'immich-admin reset-admin-password', 'immich-admin doctor')}

Exit codes: 0 done, 1 refused or failed, 2 called wrongly. docs/admin-cli.md explains every command.`
		);
	program
		.command('reset-admin-password')
		.description('set the password of the first admin')
		.addOption(passwordStdin())
		.addOption(generate())
		.option('--keep-sessions', 'leave the existing sessions signed in')
		.addOption(yes('ask nothing: generate a password unless one is given, and end the sessions'))
		.addHelpText(
			'after',
			examples(
				'immich-admin reset-admin-password',
				'immich-admin reset-admin-password --password-stdin --yes < password.txt'
			)
		)
		.action((options: AdminPasswordOptions) =>
			run('Unable to reset admin password', async () =>
				(await import('./commands/passwords.ts')).resetAdminPassword(options)
			)
		);
	program
		.command('reset-password')
		.description('give a user a temporary password and end their sessions')
		.addOption(email())
		.addOption(passwordStdin())
		.addOption(generate())
		.option('--keep-api-keys', 'leave the existing API keys valid')
		.addOption(yes('ask nothing: generate a password unless one is given, and revoke the API keys'))
		.addHelpText('after', examples('immich-admin reset-password --email ada@example.org --generate'))
		.action((options: UserPasswordOptions) =>
			run('Unable to reset password', async () => (await import('./commands/passwords.ts')).resetPassword(options))
		);
	program
		.command('list-users')
		.description('list all users, deleted ones too: a table on a terminal, else JSON')
		.option('--json', 'JSON on a terminal too: an array of UserAdminResponseDto')
		.addHelpText('after', examples('immich-admin list-users', "immich-admin list-users --json | jq -r '.[].email'"))
		.action((options: ListOptions) =>
			run('Unable to load users', async () => (await import('./commands/users.ts')).listUsers(options))
		);
	program
		.command('grant-admin')
		.description('make a user an admin')
		.addOption(email())
		.action((options: EmailOptions) =>
			run('Unable to grant admin access to user', async () => (await import('./commands/users.ts')).grantAdmin(options))
		);
	program
		.command('revoke-admin')
		.description('take the admin role from a user, unless no admin who can sign in would be left')
		.addOption(email())
		.action((options: EmailOptions) =>
			run('Unable to revoke admin access from user', async () =>
				(await import('./commands/users.ts')).revokeAdmin(options)
			)
		);
	for (const verb of ['enable', 'disable'] as const) {
		const isEnabled = verb === 'enable';
		const passwords = program.command(`${verb}-password-login`).description(`${verb} sign-in with passwords`);
		if (!isEnabled) passwords.addOption(yes('ask nothing, even if no provider works'));
		passwords.action((options: PasswordLoginOptions) =>
			run(`Unable to ${verb} password login`, async () =>
				(await import('./commands/sign-in.ts')).setPasswordLogin(isEnabled, options)
			)
		);
		program
			.command(`${verb}-oauth-login`)
			.description(`${verb} sign-in through all OAuth providers, or through one`)
			.option('--provider <name>', 'this provider only; the first is called immich')
			.addHelpText(
				'after',
				examples(`immich-admin ${verb}-oauth-login`, `immich-admin ${verb}-oauth-login --provider immich`)
			)
			.action((options: OAuthLoginOptions) =>
				run(`Unable to ${verb} OAuth login`, async () =>
					(await import('./commands/sign-in.ts')).setOAuthLogin(isEnabled, options)
				)
			);
	}
	program
		.command('enable-maintenance-mode')
		.description('start maintenance and print a URL with which an admin gets in; if it is on, print a new one')
		.action(() =>
			run('Unable to enable maintenance mode', async () =>
				(await import('./commands/maintenance.ts')).enableMaintenance()
			)
		);
	program
		.command('disable-maintenance-mode')
		.description('end maintenance')
		.action(() =>
			run('Unable to disable maintenance mode', async () =>
				(await import('./commands/maintenance.ts')).disableMaintenance()
			)
		);
	program
		.command('version')
		.description('print the version of Immich whose API this server implements')
		.action(() => run('Unable to get version', async () => (await import('./commands/version.ts')).version()));
	program
		.command('migrate')
		.description('create or update the database tables, as a start of the server does')
		.action(() => run('Unable to migrate', async () => (await import('./commands/database.ts')).migrate()));
	program
		.command('attach')
		.description("create our tables beside a running Immich's, in its database")
		.option('--check', 'only report what was found, what it needs and what it would do')
		.addHelpText('after', examples('immich-admin attach --check', 'immich-admin attach'))
		.action((options: AttachOptions) =>
			run('Unable to attach', async () => (await import('./commands/attach.ts')).attach(options))
		);
	program
		.command('detach')
		.description("remove everything of immich-auth from Immich's database")
		.addOption(yes('ask nothing'))
		.action((options: DetachOptions) =>
			run('Unable to detach', async () => (await import('./commands/attach.ts')).detach(options))
		);
	program
		.command('doctor')
		.description('check configuration, database, clock, secrets, proxy, mail and disk, and say what to do')
		.option('--json', 'findings as JSON: an array of { check, status, message, advice }')
		.action((options: DoctorOptions) => run(null, async () => (await import('./commands/doctor.ts')).doctor(options)));
	program
		.command('rotate-secret')
		.description('replace the encryption key of the secrets in the database')
		.option('--lost', 'give up a key that is lost: signs everyone out and clears what it encrypted')
		.addOption(yes('ask nothing'))
		.action((options: RotateOptions) =>
			run('Unable to rotate the secret', async () => (await import('./commands/database.ts')).rotateSecret(options))
		);
	return program;
}

/** Runs the command in `argv`; sets the exit code, and never throws. */
export async function runProgram(argv: readonly string[]): Promise<void> {
	allowClosedPipes();
	const program = createProgram(async (failure, command) => {
		try {
			await command();
		} catch (error) {
			const { CanceledError, CommandError, UsageError, explain } = await import('./failure.ts');
			complain(explain(error));
			if (
				failure !== null &&
				!(error instanceof UsageError || error instanceof CanceledError || error instanceof CommandError)
			)
				complain(failure);
			process.exitCode = error instanceof UsageError ? 2 : 1;
		}
	});
	program.exitOverride();
	for (const command of program.commands) command.exitOverride();
	try {
		await program.parseAsync(argv);
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		process.exitCode = error.exitCode === 0 ? 0 : 2;
	}
	// Something that a library left open must not keep the command from ending.
	setTimeout(() => process.exit(), lastResortMs).unref();
}

const lastResortMs = 3_000;
