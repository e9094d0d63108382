import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { setupCodeIn, useApi, type Api } from '#tests/support/api.ts';
import { startServer } from '#tests/support/server.ts';

const admin = { email: 'ada@example.test', password: 'correct horse battery', name: 'Ada' };
const path = '/api/auth/admin-sign-up';
const header = 'x-immich-auth-setup-code';

/** Imitates another machine by going through a proxy. */
const fromElsewhere = (address = '203.0.113.7') => ({ 'x-forwarded-for': address });

const signUp = (api: Api, body: object = {}, headers: Record<string, string> = fromElsewhere()) =>
	api.request('POST', path, { body: { ...admin, ...body }, headers });

/** Sends raw bytes and reads until the server closes the connection. */
async function exchange(api: Api, bytes: string): Promise<string> {
	const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
	socket.write(bytes);
	return text(socket);
}

const required = [403, { message: 'Setup code required' }];
const wrong = [403, { message: 'Wrong setup code' }];

describe('the first admin', () => {
	const api = useApi();
	beforeEach(() => api.reset());

	it('is created from this machine without a code', async () => {
		expect((await signUp(api, {}, {})).status).toBe(201);
	});

	it.each([
		['a proxy that forwards', fromElsewhere()],
		['a proxy that says so by Forwarded', { forwarded: 'for=203.0.113.7' }],
		['a proxy that says so by X-Real-IP', { 'x-real-ip': '203.0.113.7' }],
		['a proxy that says so by Via', { via: '1.1 proxy' }],
		['a name that was made to lead here', { host: 'photos.example.test' }],
		['a name that begins like this machine', { host: 'localhost.example.test' }],
		['a page of another site', { origin: 'https://evil.example.test' }],
		['a page that hides where it is', { origin: 'null' }],
		['a client that claims to be local', { 'x-immich-auth-local': 'yes', ...fromElsewhere() }]
	])('requires the code through %s', async (_, headers: Record<string, string>) => {
		const refused = await signUp(api, {}, headers);
		expect(refused.status).toBe(403);
		expect((await api.request('GET', '/api/server/config')).body).toMatchObject({ isInitialized: false });
	});

	it('requires the code over HTTP/1.0, the default of an unconfigured proxy', async () => {
		const body = JSON.stringify(admin);
		const head = (method: string, at: string) => `${method} ${at} HTTP/1.0\r\nHost: ${new URL(api.url).host}\r\n`;
		const sent = `Content-Type: application/json\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;
		expect(await exchange(api, head('POST', path) + sent)).toMatch(/^HTTP\/1\.1 403 [^]*"Setup code required"/);
		const page = await exchange(api, `${head('GET', '/auth/register')}Accept: text/html\r\n\r\n`);
		expect(page).toContain('name="setupCode"');
		expect((await signUp(api, {}, {})).status).toBe(201);
	});

	it('gets different errors for a missing and a wrong code', async () => {
		const none = await signUp(api);
		expect([none.status, none.body]).toMatchObject(required);
		const bad = await signUp(api, { setupCode: 'AAAA-AAAA-AAAA' });
		expect([bad.status, bad.body]).toMatchObject(wrong);
	});

	it.each([
		['in the body', (code: string) => ({ body: { setupCode: code } })],
		['in the header', (code: string) => ({ headers: { [header]: code } })],
		[
			'in small letters and without dashes',
			(code: string) => ({ body: { setupCode: code.toLowerCase().replaceAll('-', ' ') } })
		]
	])('is created from another machine with the code %s', async (_, sent) => {
		const code = api.setupCode;
		expect(code).not.toBe('');
		const { body = {}, headers = {} } = sent(code) as { body?: object; headers?: Record<string, string> };
		expect((await signUp(api, body, { ...fromElsewhere(), ...headers })).status).toBe(201);
	});

	it('cannot be created by guessing', async () => {
		for (let guess = 0; guess < 10; guess++)
			expect((await signUp(api, { setupCode: `GUESS-${String(guess)}` }, fromElsewhere('203.0.113.9'))).status).toBe(
				403
			);
		const late = await signUp(api, { setupCode: api.setupCode }, fromElsewhere('203.0.113.9'));
		expect([late.status, late.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
		expect((await signUp(api, {}, {})).status).toBe(201);
	});

	it('cannot be created by guessing from many addresses, and can still be created from this machine', async () => {
		const expire = BigInt(Date.now() + 60_000);
		await api.prisma.rateLimit.create({ data: { key: 'setup-all:all', points: 499, expire } });
		const guess = (address: string, setupCode: string) => signUp(api, { setupCode }, fromElsewhere(address));
		expect((await guess('203.0.113.20', 'GUESS')).status).toBe(403);
		const late = await guess('203.0.113.21', api.setupCode);
		expect([late.status, late.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
		expect((await signUp(api, {}, {})).status).toBe(201);
	});

	it('must enter the code on the page, but only from other machines', async () => {
		const page = (headers: Record<string, string>) =>
			api.request('GET', '/auth/register', { headers: { accept: 'text/html', ...headers } });
		const elsewhere = await page(fromElsewhere());
		expect(elsewhere.text).toContain('name="setupCode"');
		expect(elsewhere.text).toContain('docker logs');
		expect((await page({})).text).not.toContain('name="setupCode"');
	});

	it('is created with the form and the code', async () => {
		const host = new URL(api.url).host;
		const submit = (setupCode: string) =>
			api.request('POST', '/auth/register', {
				form: { ...admin, setupCode },
				headers: { ...fromElsewhere(), origin: api.url, host, accept: 'text/html' }
			});
		const bad = await submit('wrong');
		expect(bad.status).toBe(403);
		expect(bad.text).toContain('This is not the setup code of this server.');
		expect((await submit(api.setupCode)).status).toBe(303);
	});
});

describe('the code', () => {
	const api = useApi();

	it('is the same on every server of the database and after a restart, and is not printed after setup', async () => {
		const env = { DATABASE_URL: api.databaseUrl, DATA_DIR: api.dataDir };
		const second = await startServer(env);
		await second.stop();
		const code = api.setupCode;
		expect(code).not.toBe('');
		expect(setupCodeIn(second.lines)).toBe(code);
		expect((await signUp(api, { setupCode: code })).status).toBe(201);
		const third = await startServer(env);
		await third.stop();
		expect(third.lines.join('\n')).not.toContain(code);
		expect(third.lines.join('\n')).not.toContain('setup code');
	});
});

describe('IMMICH_AUTH_SETUP_CODE', () => {
	const api = useApi({ env: { IMMICH_AUTH_SETUP_CODE: 'our own words' } });

	it('replaces the code and is not printed', async () => {
		expect(api.lines.join('\n')).toContain('IMMICH_AUTH_SETUP_CODE');
		expect(api.lines.join('\n')).not.toContain('our own words');
		expect((await signUp(api, { setupCode: 'other words' })).status).toBe(403);
		expect((await signUp(api, { setupCode: 'our own words' })).status).toBe(201);
	});
});

describe('IMMICH_AUTH_SETUP_CODE=always', () => {
	const api = useApi({ env: { IMMICH_AUTH_SETUP_CODE: 'always' } });

	it('requires the code from this machine too, and prints it', async () => {
		const page = await api.request('GET', '/auth/register', { headers: { accept: 'text/html' } });
		expect(page.text).toContain('name="setupCode"');
		const refused = await signUp(api, {}, {});
		expect([refused.status, refused.body]).toMatchObject(required);
		expect((await signUp(api, { setupCode: 'always' }, {})).status).toBe(403);
		expect((await signUp(api, { setupCode: api.setupCode }, {})).status).toBe(201);
	});
});

describe('IMMICH_AUTH_SETUP_CODE=none', () => {
	const api = useApi({ env: { IMMICH_AUTH_SETUP_CODE: 'none' } });

	it('requires no code', async () => {
		expect((await signUp(api)).status).toBe(201);
	});
});
