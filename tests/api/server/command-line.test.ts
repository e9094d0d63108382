import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand, runSources } from '#tests/support/command.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { testSecret } from '#tests/support/vault.ts';

let database: TestDatabase;
let server: TestServer;
let env: Record<string, string>;

/** Gets a free port from the system and leaves it to the server. */
async function freePort(): Promise<string> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return String(port);
}

beforeAll(async () => {
	database = await createTestDatabase();
	env = { DATABASE_URL: database.url, IMMICH_AUTH_SECRET: testSecret, IMMICH_AUTH_METRICS_PORT: await freePort() };
	server = await startServer(env);
});
afterAll(async () => {
	await server.stop();
	await database.close();
});

describe('a command alongside the running server', { timeout: 180_000 }, () => {
	it.each([
		['bin/maintenance.ts', ['on'], /^Maintenance mode has been enabled\./, runSources],
		['bin/maintenance.ts', ['off'], /^Maintenance mode has been disabled\./, runCommand],
		['bin/reset-encryption-key.ts', ['--yes'], /^The encryption key has been reset\./, runCommand]
	])('works: %s %s', async (program, given, says, run) => {
		expect(await run(program, given, env)).toEqual({ code: 0, out: expect.stringMatching(says) as string, error: '' });
	});

	it.each([
		['bin/maintenance.ts', ['on']],
		['bin/reset-encryption-key.ts', ['--yes']]
	])('names the variable with the database address: %s', async (program, given) => {
		const nowhere = 'postgres://nobody@127.0.0.1:1/none';
		const { code, error } = await runCommand(program, given, { ...env, DATABASE_URL: '', DB_URL: nowhere });
		expect(code).toBe(1);
		expect(error).toContain('DB_URL');
		expect(error).not.toContain('DATABASE_URL');
	});
});
