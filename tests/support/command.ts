import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { testSecret } from './vault.ts';

/** How a command has ended. */
export interface CommandResult {
	readonly code: number | null;
	readonly out: string;
	readonly error: string;
}

export const root = path.resolve(import.meta.dirname, '../..');
/** The command line as the build has it. */
export const builtAdmin = 'build/immich-admin.js';

/** Environment of a command: without terminal, and with the key of the servers under test. */
export const toCommandEnv = (env: Readonly<Record<string, string>>) => ({
	...process.env,
	IMMICH_AUTH_SECRET: testSecret,
	...env
});

/** Runs the built `immich-admin` with these variables; `input` is what a pipe sends to it. */
export const runAdmin = (
	given: readonly string[],
	env: Readonly<Record<string, string>>,
	input = ''
): Promise<CommandResult> => runNode([builtAdmin, ...given], env, input);

/** Runs it from its sources, as in a checkout without a build. */
export const runAdminSources = (
	given: readonly string[],
	env: Readonly<Record<string, string>>
): Promise<CommandResult> => runNode(['--import', 'tsx', 'bin/immich-admin.ts', ...given], env);

export async function runNode(
	given: readonly string[],
	env: Readonly<Record<string, string>>,
	input = ''
): Promise<CommandResult> {
	const child = spawn(process.execPath, given, { cwd: root, env: toCommandEnv(env) });
	// A command that needs no input may end without reading it.
	child.stdin.on('error', () => undefined);
	child.stdin.end(input);
	const [out, error] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
	return { code: child.exitCode, out, error };
}
