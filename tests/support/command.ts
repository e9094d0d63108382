import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';

const built = new Map<string, Promise<string>>();

/** Bundles a program like the server: starting it from its sources takes several times as long. */
async function bundle(program: string): Promise<string> {
	const root = path.resolve(import.meta.dirname, '../..');
	const name = `${path.basename(program, '.ts')}-${String(process.pid)}.mjs`;
	// Packages must be resolvable from there.
	const outfile = path.join(root, 'node_modules/.cache/immich-auth-tests', name);
	await build({
		absWorkingDir: root,
		entryPoints: [program],
		outfile,
		bundle: true,
		packages: 'external',
		format: 'esm',
		platform: 'node',
		logLevel: 'warning'
	});
	return outfile;
}

/** Runs one of our commands next to the server, with these variables. */
export async function runCommand(program: string, given: readonly string[], env: Record<string, string>) {
	const file = built.get(program) ?? bundle(program);
	built.set(program, file);
	return runNode([await file, ...given], env);
}

/** Runs the command from its sources, as `npm run` does. */
export const runSources = (program: string, given: readonly string[], env: Record<string, string>) =>
	runNode(['--import', 'tsx', program, ...given], env);

async function runNode(given: readonly string[], env: Record<string, string>) {
	const child = spawn(process.execPath, given, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
	const [out, error] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
	return { code: child.exitCode, out, error };
}
