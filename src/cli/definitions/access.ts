import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { addGroup, examples } from './examples.ts';

const ofUser = 'of this user, named by email, ID or beginning, instead of your own';

/** `sessions…`, `keys…`, `oauth…`. */
export function addAccessCommands(program: CommandUnknownOpts, getContext: () => Context): void {
	const sessions = addGroup(program, 'sessions', 'list and end sessions');
	sessions
		.command('list')
		.summary('list your sessions, or those of a user')
		.option('--user <user>', ofUser)
		.addHelpText('after', examples('immich-auth sessions list', 'immich-auth sessions list --user ada@example.com'))
		.action(async (options) => (await import('../commands/sessions.ts')).list(getContext(), options));
	sessions
		.command('end')
		.summary('end one session, or many')
		.argument('[session]', 'the ID of one session')
		.option('--user <user>', 'of this user; all, if no session is given')
		.option('--others', 'all of your own but this one')
		.option('--everyone', 'all of everyone but this one')
		.option('--yes', 'do not ask')
		.addHelpText(
			'after',
			examples('immich-auth sessions end --user ada@example.com', 'immich-auth sessions end --others --yes')
		)
		.action(async (id, options) => (await import('../commands/sessions.ts')).end(getContext(), id, options));

	const keys = addGroup(program, 'keys', 'list, create, rotate and delete API keys');
	const key = 'its ID, its name, or the beginning of its ID';
	keys
		.command('list')
		.summary('list your API keys, or those of a user')
		.option('--user <user>', ofUser)
		.addHelpText('after', examples('immich-auth keys list', 'immich-auth keys list --user ada@example.com'))
		.action(async (options) => (await import('../commands/keys.ts')).list(getContext(), options));
	keys
		.command('create')
		.summary('create an API key of your own; its secret is printed')
		.requiredOption('--name <name>', 'what it is for')
		.requiredOption('--permission <permission...>', 'what it may do, such as user.read, or all')
		.option('--expires <when>', 'the last day, such as 2027-01-31, or a number of days, such as 90d')
		.addHelpText(
			'after',
			examples('immich-auth keys create --name backup --permission asset.read asset.download --expires 90d')
		)
		.action(async (options) => (await import('../commands/keys.ts')).create(getContext(), options));
	keys
		.command('rotate')
		.summary('replace the secret of an API key of your own')
		.argument('<key>', key)
		.option('--yes', 'do not ask')
		.addHelpText('after', examples('immich-auth keys rotate backup'))
		.action(async (name, options) => (await import('../commands/keys.ts')).rotate(getContext(), name, options));
	keys
		.command('delete')
		.summary('delete an API key')
		.argument('<key>', key)
		.option('--user <user>', ofUser)
		.option('--yes', 'do not ask')
		.addHelpText('after', examples('immich-auth keys delete backup'))
		.action(async (name, options) => (await import('../commands/keys.ts')).remove(getContext(), name, options));

	const oauth = addGroup(program, 'oauth', 'unlink users from OAuth providers');
	oauth
		.command('unlink')
		.summary('unlink a user')
		.argument('<user>', 'named by email, ID or beginning')
		.option('--yes', 'do not ask')
		.addHelpText('after', examples('immich-auth oauth unlink ada@example.com'))
		.action(async (user, options) => (await import('../commands/oauth.ts')).unlink(getContext(), user, options));
	oauth
		.command('unlink-all')
		.summary('unlink everyone')
		.option('--yes', 'do not ask')
		.addHelpText('after', examples('immich-auth oauth unlink-all'))
		.action(async (options) => (await import('../commands/oauth.ts')).unlinkAll(getContext(), options));
}
