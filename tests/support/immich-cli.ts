import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);
const program = path.join(path.dirname(require.resolve('@immich/cli')), '../bin/immich');

/** The client checks for Node 22 by version; the only new feature it uses is `toArray` of iterators. */
const asNode22 = `Object.defineProperty(process, 'version', { value: 'v22.12.0' });
	Object.getPrototypeOf(Object.getPrototypeOf(new Map().values())).toArray ??= function () { return [...this]; };`;
const isOlder = Number(process.versions.node.split('.')[0]) < 22;
const preload = isOlder ? ['--import', `data:text/javascript,${encodeURIComponent(asNode22)}`] : [];

/** Runs Immich's own command line, which keeps its sign-in in this folder. */
export async function runImmich(
	configDir: string,
	given: readonly string[]
): Promise<{ code: number | null; printed: string }> {
	const child = spawn(process.execPath, [...preload, program, ...given], {
		env: { PATH: process.env['PATH'], HOME: configDir, IMMICH_CONFIG_DIR: configDir },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const [out, error] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
	return { code: child.exitCode, printed: out + error };
}
