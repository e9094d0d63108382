import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
	interface ProvidedContext {
		/** The folder of the workers' shared servers: their data, and a file named after each process. */
		sharedServers: string;
	}
}

const deadlineMs = 20_000;
const pollMs = 50;

/** Ends the servers that the workers have shared between their test files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-shared-'));
	project.provide('sharedServers', folder);
	return async () => {
		const files = await readdir(folder);
		const processes = files.filter((file) => file.endsWith('.pid')).map((file) => Number.parseInt(file, 10));
		await Promise.all(processes.map(end));
		await rm(folder, { recursive: true, force: true });
	};
}

async function end(pid: number): Promise<void> {
	const deadline = performance.now() + deadlineMs;
	let signal: NodeJS.Signals | 0 = 'SIGTERM';
	while (send(pid, signal)) {
		if (performance.now() > deadline) {
			send(pid, 'SIGKILL');
			throw new Error(`The shared server ${String(pid)} did not stop in time`);
		}
		signal = 0;
		await sleep(pollMs);
	}
}

/** Sends a signal, or none with 0; returns false if the process has ended. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
	try {
		return process.kill(pid, signal);
	} catch {
		return false;
	}
}
