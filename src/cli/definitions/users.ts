import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { addGroup, examples } from './examples.ts';

const who = 'their email, ID, or the beginning of either if no other user’s begins with it';

/** `users…`. */
export function addUserCommands(program: CommandUnknownOpts, getContext: () => Context): void {
	const users = addGroup(program, 'users', 'list, create, change, import and export users');

	users
		.command('list')
		.summary('list users')
		.option('--search <text>', 'only those with this in their name or email')
		.option('--admins', 'only admins')
		.option('--deleted', 'also deleted users')
		.addHelpText('after', examples('immich-auth users list', 'immich-auth users list --search ada --json'))
		.action(async (options) => (await import('../commands/users.ts')).list(getContext(), options));

	users
		.command('show')
		.summary('show one user')
		.argument('<user>', who)
		.addHelpText('after', examples('immich-auth users show ada@example.com'))
		.action(async (user) => (await import('../commands/users.ts')).show(getContext(), user));

	users
		.command('create')
		.summary('create a user, with a temporary password')
		.argument('<email>', 'the email to sign in with')
		.requiredOption('--name <name>', 'the name to show')
		.option('--admin', 'make them an admin')
		.option('--quota <size>', 'how much they can store, such as 10GiB; unlimited by default')
		.option('--storage-label <label>', 'the name of their folder')
		.option('--password-stdin', 'read the temporary password from standard input instead of generating one')
		.addHelpText('after', examples('immich-auth users create ada@example.com --name "Ada Lovelace" --quota 50GiB'))
		.action(async (email, options) => (await import('../commands/users.ts')).create(getContext(), email, options));

	users
		.command('update')
		.summary('change a user')
		.argument('<user>', who)
		.option('--email <email>', 'the email to sign in with')
		.option('--name <name>', 'the name to show')
		.option('--admin', 'make them an admin')
		.option('--no-admin', 'make them no admin')
		.option('--quota <size>', 'how much they can store, such as 10GiB, or none for unlimited')
		.option('--storage-label <label>', 'the name of their folder, or none')
		.addHelpText(
			'after',
			examples(
				'immich-auth users update ada@example.com --quota 100GiB',
				'immich-auth users update ada@example.com --admin'
			)
		)
		.action(async (user, options) => (await import('../commands/users.ts')).update(getContext(), user, options));

	users
		.command('delete')
		.summary('delete a user; they can be restored for some days')
		.argument('<user>', who)
		.option('--force', 'delete them and everything they own immediately')
		.option('--yes', 'do not ask')
		.addHelpText('after', examples('immich-auth users delete ada@example.com'))
		.action(async (user, options) => (await import('../commands/users.ts')).remove(getContext(), user, options));

	users
		.command('restore')
		.summary('restore a deleted user')
		.argument('<user>', who)
		.addHelpText('after', examples('immich-auth users restore ada@example.com'))
		.action(async (user) => (await import('../commands/users.ts')).restore(getContext(), user));

	users
		.command('reset-password')
		.summary('give a user a temporary password, and end their sessions')
		.argument('<user>', who)
		.option('--password-stdin', 'read the temporary password from standard input instead of generating one')
		.option('--keep-api-keys', 'leave their API keys valid')
		.option('--yes', 'do not ask')
		.addHelpText('after', examples('immich-auth users reset-password ada@example.com'))
		.action(async (user, options) =>
			(await import('../commands/user-passwords.ts')).resetPassword(getContext(), user, options)
		);

	users
		.command('require-change')
		.summary('require a user to choose a new password')
		.argument('<user>', who)
		.addHelpText('after', examples('immich-auth users require-change ada@example.com'))
		.action(async (user) => (await import('../commands/user-passwords.ts')).requireChange(getContext(), user));

	users
		.command('import')
		.summary('create users from a CSV file')
		.description(
			'Create users from a CSV file. Its first line names the columns: email and name, and optionally storage label, quota and admin. What would happen to each line is checked first.'
		)
		.argument('<file>', 'the CSV file')
		.option('--dry-run', 'only check')
		.option('--no-temporary-passwords', 'create users who sign in with OAuth only')
		.option('--result <file>', 'where to write the result of each line; by default next to the file')
		.option('--passwords <file>', 'where to write the temporary passwords; by default next to the file')
		.option('--yes', 'do not ask')
		.option('--resume', 'wait for an import of this file that was started before, and write its results')
		.addHelpText(
			'after',
			examples('immich-auth users import new.csv --dry-run', 'immich-auth users import new.csv --yes')
		)
		.action(async (file, options) =>
			(await import('../commands/user-import.ts')).importUsers(getContext(), file, options)
		);

	users
		.command('export')
		.summary('write users as CSV, or with --json as JSON')
		.option('--output <file>', 'write to a file instead of standard output')
		.option('--search <text>', 'only those with this in their name or email')
		.option('--deleted', 'also deleted users')
		.addHelpText('after', examples('immich-auth users export > users.csv', 'immich-auth users export --json'))
		.action(async (options) => (await import('../commands/user-export.ts')).exportUsers(getContext(), options));
}
