import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender } from '#tests/support/http.ts';
import { listen } from '#tests/support/live.ts';
import { launchServer, type LaunchedServer } from '#tests/support/server.ts';

/** The first page is compiled on the first request. */
const timeout = 180_000;
const admin = { email: 'ada@example.test', password: 'correct horse battery', name: 'Ada' };
const setup = '/api/auth/admin-sign-up';

let database: TestDatabase;
let server: LaunchedServer;
let url = '';

beforeAll(async () => {
	database = await createTestDatabase();
	server = launchServer({ DATABASE_URL: database.url, NO_COLOR: '1', FORCE_COLOR: '0' }, [
		process.execPath,
		'node_modules/vite/bin/vite.js',
		'dev',
		'--port',
		'0'
	]);
	url = await new Promise((resolve) => {
		server.process.stdout?.on('data', (printed: Buffer) => {
			const found = /http:\/\/localhost:\d+/.exec(printed.toString())?.[0];
			if (found) resolve(found);
		});
	});
}, timeout);
afterAll(async () => {
	await server.stop();
	await database.close();
});

describe('the development server', { timeout }, () => {
	it('prints the setup code, requires it from other machines, and creates the first admin from this one', async () => {
		const { send, close } = createSender(url, 'localhost');
		const outside = { 'x-forwarded-for': '203.0.113.9', 'x-immich-auth-local': 'yes' };
		const refused = await send('POST', setup, { body: admin, headers: { ...outside, host: new URL(url).host } });
		expect([refused.status, refused.body]).toMatchObject([403, { message: 'Setup code required' }]);
		expect(server.lines.join('\n')).toMatch(/There is no admin yet.* setup code [\dA-Z]{4}(-[\dA-Z]{4}){2}/);
		expect((await send('POST', setup, { body: admin, headers: { host: new URL(url).host } })).status).toBe(201);
		close();
	});

	it('serves websockets', async () => {
		const { send, close } = createSender(url, 'localhost');
		const { email, password } = admin;
		const { body } = await send('POST', '/api/auth/login', { body: { email, password } });
		close();
		const listener = listen(url, { authorization: `Bearer ${(body as { accessToken: string }).accessToken}` });
		await listener.next('on_server_version');
		listener.close();
	});
});
