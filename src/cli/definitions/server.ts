import { Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { addGroup, examples } from './examples.ts';

/** `maintenance…`, `config…`, `audit…`. */
export function addServerCommands(program: CommandUnknownOpts, getContext: () => Context): void {
	const maintenance = addGroup(program, 'maintenance', 'start and end maintenance');
	maintenance
		.command('start')
		.summary('start maintenance, now or later')
		.option('--message <text>', 'what users see')
		.option('--in <minutes>', 'start later, and announce it')
		.option('--expected <minutes>', 'how long it is expected to take')
		.option('--ends-after <minutes>', 'end it after this time')
		.option('--yes', 'do not ask')
		.addHelpText(
			'after',
			examples('immich-auth maintenance start', 'immich-auth maintenance start --in 30 --message "Update to 3.3"')
		)
		.action(async (options) => (await import('../commands/maintenance.ts')).start(getContext(), options));
	maintenance
		.command('status')
		.summary('show whether it is on, or announced')
		.addHelpText('after', examples('immich-auth maintenance status'))
		.action(async () => (await import('../commands/maintenance.ts')).status(getContext()));
	maintenance
		.command('end')
		.summary('end maintenance, or withdraw what is announced')
		.option('--token-stdin', 'read the token of the maintenance from standard input')
		.addHelpText('after', examples('immich-auth maintenance end'))
		.action(async (options) => (await import('../commands/maintenance.ts')).end(getContext(), options));

	const config = addGroup(program, 'config', 'show and change the settings of the server');
	config
		.command('get')
		.summary('show all settings, a group, or one')
		.argument('[path]', 'such as oauth.enabled; settings that Immich does not have are below immichAuth')
		.addHelpText('after', examples('immich-auth config get oauth', 'immich-auth config get --json > config.json'))
		.action(async (path) => (await import('../commands/config.ts')).get(getContext(), path));
	config
		.command('set')
		.summary('change one setting')
		.argument('<path>', 'such as oauth.enabled')
		.argument('[value]', 'text, or JSON for a setting that is no text')
		.option('--value-stdin', 'read the value from standard input')
		.option('--yes', 'do not ask')
		.addHelpText(
			'after',
			examples(
				'immich-auth config set passwordLogin.enabled false',
				'immich-auth config set oauth.clientSecret --value-stdin < secret.txt'
			)
		)
		.action(async (path, value, options) =>
			(await import('../commands/config.ts')).set(getContext(), path, value, options)
		);
	config
		.command('diff')
		.summary('list the settings that differ from the defaults, or from a file')
		.option('--file <file>', 'settings as config get --json prints them')
		.addHelpText('after', examples('immich-auth config diff', 'immich-auth config diff --file config.json'))
		.action(async (options) => (await import('../commands/config.ts')).diff(getContext(), options));

	const audit = addGroup(program, 'audit', 'read the audit log');
	audit
		.command('tail')
		.summary('print the newest events; with --json one per line')
		.option('--lines <number>', 'how many', '20')
		.option('--follow', 'also print new events until Ctrl-C')
		.option('--user <user>', 'only those by or on this user')
		.option('--action <action>', 'only those of this action, such as user.create')
		.addOption(new Option('--outcome <outcome>', 'only those with this outcome').choices(['done', 'refused']))
		.addHelpText(
			'after',
			examples('immich-auth audit tail --follow', 'immich-auth audit tail --action auth.signIn --json')
		)
		.action(async (options) => (await import('../commands/audit.ts')).tail(getContext(), options));
}
