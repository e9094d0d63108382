import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { startServer } from '#tests/support/server.ts';
import type { Figure } from './targets.ts';

const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;

async function timed(work: () => Promise<unknown>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

/** Runs `npm start` and waits until it reports that it is ready. */
async function npmStart(env: Record<string, string>): Promise<void> {
	const child = spawn('npm', ['start', '--silent'], {
		env: { ...process.env, IMMICH_PORT: '0', ...env },
		detached: true
	});
	await new Promise<void>((resolve, reject) => {
		child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('is ready') && resolve());
		child.once('exit', () => reject(new Error('npm start ended')));
	});
	const ended = new Promise((resolve) => child.once('exit', resolve));
	if (child.pid) process.kill(-child.pid, 'SIGTERM');
	await ended;
}

/** Measures the startup time with everything installed and built. */
export async function measureStart(): Promise<Figure[]> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-bench-'));
	await chmod(dataDir, 0o711);
	const env = { DATA_DIR: path.join(dataDir, 'data') };
	const node = await timed(() => new Promise((resolve) => spawn(process.execPath, ['-e', '0']).once('exit', resolve)));
	const first = await timed(() => npmStart(env));
	const warm = await timed(() => npmStart(env));
	const server = await startServer(env);
	await server.stop();
	await rm(dataDir, { recursive: true, force: true });
	const against = `${seconds(node)} of an empty Node process`;
	return [
		{
			what: '`npm start`, first time (new database)',
			measured: seconds(first),
			against,
			ratio: (first / node).toFixed(0),
			aim: '< 5 s'
		},
		{ what: '`npm start`, later', measured: seconds(warm), against, ratio: (warm / node).toFixed(0), aim: '< 5 s' }
	];
}
