import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { usageError } from './cli-error.ts';
import { version } from './client/version.ts';
import { shells } from './completion/shells.ts';
import type { Context } from './context.ts';
import { addAccessCommands } from './definitions/access.ts';
import { examples } from './definitions/examples.ts';
import { addServerCommands } from './definitions/server.ts';
import { addUserCommands } from './definitions/users.ts';
import { Output } from './terminal/output.ts';

/** Builds the program; each command loads its code only when it runs. */
export function buildProgram() {
	const program = new Command('immich-auth')
		.description('Sign in to Immich servers and administer them.')
		.version(version)
		.option('--profile <name>', 'the sign-in to use, by default the current one')
		.option('--json', 'print JSON for scripts')
		.configureHelp({ showGlobalOptions: true })
		.showHelpAfterError('Add --help for more.')
		.hook('preAction', (_, command) => refuseEmptyValues(command))
		.exitOverride();

	const getContext = (): Context => {
		const { profile, json } = program.opts();
		return { profile: profile ?? null, output: new Output(json ?? false) };
	};

	program
		.command('login')
		.summary('sign in to a server')
		.description(
			'Sign in to a server, and remember it in a profile. Without an API key or an email, a server of this project shows a code to confirm in a browser; another Immich asks for an API key.'
		)
		.argument('[server]', 'its address, such as https://immich.example.com; by default IMMICH_SERVER')
		.option('--api-key <key>', 'sign in with an API key; visible in the history of the shell')
		.option('--api-key-stdin', 'read the API key from standard input')
		.option('--name <name>', 'how to call the API key here')
		.option('--email <email>', 'sign in with an email and a password')
		.option('--password <password>', 'the password; visible in the history of the shell')
		.option('--password-stdin', 'read the password from standard input')
		.option('--switch', 'make the profile the current one')
		.addHelpText(
			'after',
			examples(
				'immich-auth login https://immich.example.com',
				'immich-auth login immich.example.com --email ada@example.com --profile work --switch',
				'immich-auth login immich.example.com --api-key-stdin < key.txt'
			)
		)
		.action(async (server, options) => (await import('./commands/login.ts')).login(getContext(), server, options));

	program
		.command('logout')
		.summary('sign out of a server')
		.description('End the session on the server, and forget it. An API key stays valid on the server.')
		.option('--all', 'of all profiles')
		.addHelpText(
			'after',
			examples('immich-auth logout', 'immich-auth logout --profile work', 'immich-auth logout --all')
		)
		.action(async (options) => (await import('./commands/logout.ts')).logout(getContext(), options));

	program
		.command('status')
		.summary('show the sign-ins, and whether the chosen one works')
		.addHelpText('after', examples('immich-auth status', 'immich-auth status --profile work --json'))
		.action(async () => (await import('./commands/status.ts')).status(getContext()));

	program
		.command('whoami')
		.summary('show who the credential belongs to')
		.addHelpText('after', examples('immich-auth whoami', 'immich-auth whoami --json'))
		.action(async () => (await import('./commands/whoami.ts')).whoami(getContext()));

	const profile = program.command('profile').summary('list, switch and remove sign-ins');
	profile
		.command('list')
		.summary('list the profiles that are signed in')
		.addHelpText('after', examples('immich-auth profile list'))
		.action(async () => (await import('./commands/profiles.ts')).listAll(getContext()));
	profile
		.command('switch')
		.summary('make a profile the current one')
		.argument('<name>', 'the profile')
		.addHelpText('after', examples('immich-auth profile switch work'))
		.action(async (name) => (await import('./commands/profiles.ts')).switchTo(getContext(), name));
	profile
		.command('current')
		.summary('show the current profile')
		.addHelpText('after', examples('immich-auth profile current'))
		.action(async () => (await import('./commands/profiles.ts')).showCurrent(getContext()));
	profile
		.command('remove')
		.summary('sign a profile out and forget it')
		.argument('<name>', 'the profile')
		.addHelpText('after', examples('immich-auth profile remove work'))
		.action(async (name) => (await import('./commands/profiles.ts')).remove(getContext(), name));

	addUserCommands(program, getContext);
	addAccessCommands(program, getContext);
	addServerCommands(program, getContext);

	program
		.command('completion')
		.summary('print the completions of a shell')
		.addArgument(new Argument('<shell>', 'the shell').choices(shells))
		.addHelpText(
			'after',
			examples(
				'source <(immich-auth completion bash)',
				'mkdir -p ~/.zfunc && immich-auth completion zsh > ~/.zfunc/_immich-auth',
				'immich-auth completion fish > ~/.config/fish/completions/immich-auth.fish'
			)
		)
		.action(async (shell) => (await import('./commands/completion.ts')).printScript(shell));
	program
		.command('complete', { hidden: true })
		.argument('[words...]')
		.action(async (words) => (await import('./commands/completion.ts')).complete(program, words));
	return program;
}

/**
 * An empty value comes from a variable that isn't set, and could mean 'all' or 'none'. Only a setting can be empty.
 * @throws {CliError} usage, if there is one
 */
function refuseEmptyValues(command: CommandUnknownOpts): void {
	if (command.name() === 'complete') return;
	const values = [
		...command.options.map((option) => [option.long ?? '', command.getOptionValue(option.attributeName())] as const),
		...command.registeredArguments.map((argument, index) => [argument.name(), command.processedArgs[index]] as const)
	];
	const empty = values.find(([name, value]) => name !== 'value' && [value].flat().includes(''));
	if (empty) throw usageError(`The value of ${empty[0]} is empty.`);
}
