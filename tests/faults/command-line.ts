import type { Fault } from './fault.ts';

const commands = ['tests/api/server/command-line.test.ts'];
const signIn = ['tests/api/server/command-sign-in.test.ts'];
const refusals = ['tests/api/server/command-refusals.test.ts'];

export const commandLineFaults: readonly Fault[] = [
	{
		title: 'sessions outlive a password reset on the server',
		file: 'src/lib/server/features/users/user-recovery.service.ts',
		find: 'areSessionsEnded ? await sessions.deleteByUser(id) : 0',
		replace: '0',
		tests: commands
	},
	{
		title: 'an admin stays locked out after a reset on the server',
		file: 'src/lib/server/features/users/user-recovery.service.ts',
		find: 'await attempts.forgetAll(subject.email, rateLimits)',
		replace: 'void [attempts, rateLimits]',
		tests: commands
	},
	{
		title: 'a password that is easy to guess can be set on the server',
		file: 'src/lib/server/features/users/user-recovery.service.ts',
		find: 'await policy.require(password, requireUser(await store.users.find(id)))',
		replace: 'void [policy, requireUser]',
		tests: commands
	},
	{
		title: 'a command on the server disables the only way in',
		file: 'src/lib/server/features/settings/sign-in-switch.service.ts',
		find: '(current) => withLeaves(current, changes)',
		replace: '(current) => withLeaves(current, changes), { mayLockAdminsOut: true }',
		tests: signIn
	},
	{
		title: 'a command migrates the database that it finds',
		file: 'src/lib/server/app/open-platform.ts',
		find: '{ mustBeReady: true, maxConnections: commandConnections }',
		replace: '{ maxConnections: commandConnections }',
		tests: refusals
	},
	{
		title: 'a command works on the database of a newer version',
		file: 'src/lib/server/platform/database/migrate.ts',
		find: 'first !== undefined',
		replace: 'false',
		tests: refusals
	},
	{
		title: 'a command creates a database in a wrong folder',
		file: 'src/lib/server/platform/database/database.ts',
		find: 'mustBeReady && !(await hasEmbeddedData(dataDir))',
		replace: 'false',
		tests: ['tests/api/server/command-embedded.test.ts']
	},
	{
		title: 'a key that is not lost is given up',
		file: 'src/lib/server/app/rotate-key.ts',
		find: "readState(env, host, keys).catch((): Pick<KeyState, 'opener'> => ({ opener: null }))",
		replace: "Promise.resolve<Pick<KeyState, 'opener'>>({ opener: null })",
		tests: refusals
	},
	{
		title: 'the old key is gone before the database has the new one',
		file: 'src/lib/server/platform/secrets/master-key.ts',
		find: "await writeOver(previousKeyFileIn(dataDir), await readFile(file, 'utf8'), file)",
		replace: 'void previousKeyFileIn(dataDir)',
		tests: ['tests/unit/secrets/open-vault.test.ts']
	},
	{
		title: 'a part of the providers is disabled before it turns out that admins need the rest',
		file: 'src/lib/server/features/settings/sign-in-switch.service.ts',
		find: 'writer.changeAll(auth, decisions)',
		replace:
			'Promise.all(Object.entries(decisions).map(([name, decide]) => writer.changeAll(auth, { [name]: decide })))',
		tests: signIn
	},
	{
		title: 'a variable decides otherwise than a command says',
		file: 'src/lib/server/features/settings/sign-in-switch.service.ts',
		find: 'lock && first && first.enabled !== isEnabled',
		replace: 'false',
		tests: signIn
	},
	{
		title: 'a provider without an address is enabled',
		file: 'src/lib/server/features/settings/sign-in-switch.service.ts',
		find: 'isEnabled && !isConfigured(provider)',
		replace: 'false',
		tests: signIn
	},
	{
		title: 'passwords are disabled while no provider works',
		file: 'src/lib/server/features/oauth/provider-settings.service.ts',
		find: 'stranded.length > 0 ? silent : []',
		replace: '[]',
		tests: signIn
	},
	{
		title: 'an error message controls the terminal',
		file: 'bin/admin/failure.ts',
		find: "printable(describe(error).replaceAll(/\\s+/g, ' ').trim())",
		replace: 'describe(error)',
		tests: commands
	},
	{
		title: 'a user’s name controls the terminal of the one who lists it',
		file: 'bin/admin/commands/users.ts',
		find: 'printable(email), printable(name)',
		replace: 'email, name',
		tests: ['tests/api/server/command-prompts.test.ts']
	},
	{
		title: 'a signal is not noticed',
		file: 'bin/admin/server.ts',
		find: 'process.on(name, stop)',
		replace: 'void stop',
		tests: refusals
	}
];
