import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ServerHold, watchServer } from '#lib/server/platform/embedded-postgres/watchdog.ts';

describe.skipIf(process.platform === 'win32')('watchServer', () => {
	/** Watches a process in place of PostgreSQL; it's the watchdog that matters here. */
	function watched() {
		const root = mkdtempSync(path.join(os.tmpdir(), 'immich-auth-test-'));
		onTestFinished(() => rmSync(root, { recursive: true, force: true }));
		const home = { root, data: path.join(root, 'data'), run: path.join(root, 'run'), logFile: '', runAs: undefined };
		mkdirSync(home.data);
		mkdirSync(home.run);
		const server = spawn('sleep', ['60'], { stdio: 'ignore' });
		onTestFinished(() => void server.kill('SIGKILL'));
		writeFileSync(path.join(home.data, 'postmaster.pid'), `${String(server.pid)}\n`);
		const hold = new ServerHold(home);
		watchServer(server, home, hold);
		return { server, hold, pipe: path.join(home.run, 'users') };
	}

	it('stops the server when the last process has let go', async () => {
		const { server, hold } = watched();
		await sleep(300);
		expect(server.signalCode).toBeNull();
		hold.release();
		await vi.waitUntil(() => server.signalCode === 'SIGINT', { timeout: 5_000 });
	});

	it('leaves the server alone if it cannot open the pipe', async () => {
		const { server, pipe } = watched();
		rmSync(pipe);
		await sleep(500);
		expect(server.signalCode).toBeNull();
	});
});
