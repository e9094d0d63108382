import path from 'node:path';
import { expect } from 'vitest';
import type { Api } from './api.ts';
import { createSender, type Send } from './http.ts';
import { startServer, type TestServer } from './server.ts';

const preload = path.resolve('tests/support/watched-process.cjs');

/** A second server on a test's database that reports and pauses its password hashing, and whose clock the test controls. */
export class WatchedServer {
	readonly send: Send;
	readonly server: TestServer;
	readonly #closeSender: () => void;

	private constructor(server: TestServer) {
		this.server = server;
		const { send, close } = createSender(server.url);
		this.send = send;
		this.#closeSender = close;
	}

	static async start(api: Api): Promise<WatchedServer> {
		const server = await startServer({
			DATABASE_URL: api.databaseUrl,
			DATA_DIR: api.dataDir,
			IMMICH_AUTH_METRICS_PORT: '0',
			NODE_OPTIONS: `--require=${preload}`
		});
		return new WatchedServer(server);
	}

	async close(): Promise<void> {
		this.#closeSender();
		await this.server.stop();
	}

	/** How often a line has been printed. */
	count(wanted: string): number {
		return this.server.lines.filter((line) => line === wanted).length;
	}

	/** How many passwords and PINs have been hashed or compared. */
	get hashed(): number {
		return this.count('password work begins');
	}

	/** Waits until a line has been printed this often. */
	async until(wanted: string, times: number): Promise<void> {
		await expect.poll(() => this.count(wanted), { timeout: 20_000, interval: 10 }).toBeGreaterThanOrEqual(times);
	}

	/** Pauses or resumes all hashing. */
	async toggleHold(): Promise<void> {
		const toggled = () => this.count('password work is held') + this.count('password work is released');
		const before = toggled();
		this.server.process.kill('SIGUSR2');
		await expect.poll(toggled, { timeout: 20_000, interval: 10 }).toBe(before + 1);
	}

	passMinute(): void {
		this.server.process.kill('SIGWINCH');
	}

	/** How many are waiting to be hashed. */
	async waiting(): Promise<number> {
		const line = this.server.lines.find((one) => one.includes('Metrics are served')) ?? '';
		const port = /"port":(\d+)/.exec(line)?.[1] ?? '';
		const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
		return Number(/^immich_auth_password_hashes_waiting (\d+)$/m.exec(text)?.[1]);
	}
}
