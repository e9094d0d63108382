import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { cheapHash, password } from '#tests/support/accounts.ts';
import { buildCookie, useApi, type Api } from '#tests/support/api.ts';
import { useSettings } from '#tests/support/change-settings.ts';
import { outerAddress } from '#tests/support/outer-address.ts';

const date = String.raw`\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT`;
/**
 * The three cookies in order, each with its attributes in order.
 * Source: docs/wire-reference/credentials.md#cookies.
 */
const expectedCookies = (secure: string): RegExp[] => [
	new RegExp(
		`^immich_access_token=[\\w.-]+; Max-Age=34560000; Path=/; Expires=${date}; HttpOnly; ${secure}SameSite=Lax$`
	),
	new RegExp(`^immich_auth_type=password; Max-Age=34560000; Path=/; Expires=${date}; HttpOnly; ${secure}SameSite=Lax$`),
	new RegExp(`^immich_is_authenticated=true; Max-Age=34560000; Path=/; Expires=${date}; ${secure}SameSite=Lax$`)
];

async function login(api: Api, headers: Record<string, string | string[]> = {}) {
	const { email } = await api.accounts.makeUser({ password: cheapHash });
	return api.request('POST', '/api/auth/login', { body: { email, password }, headers });
}

function expectCookies(cookies: readonly string[], secure: '' | 'Secure; '): void {
	expect(cookies).toHaveLength(3);
	for (const [index, pattern] of expectedCookies(secure).entries()) expect(cookies[index]).toMatch(pattern);
}

const LogLine = z.object({ msg: z.string(), address: z.string() });

/** Signs in and returns the client address from the log. */
async function findAddress(api: Api, headers: Record<string, string | string[]>): Promise<string> {
	const { userId } = LoginResponseDto.parse((await login(api, headers)).body);
	const find = () => api.lines.find((line) => line.includes(userId) && line.includes('"Signed in"'));
	await expect.poll(find).toBeDefined();
	return LogLine.parse(JSON.parse(find() ?? '')).address;
}

const api = useApi({
	// adapter-node would read the last two, which belong to another program.
	env: { IMMICH_TRUSTED_PROXIES: '198.51.100.7', ORIGIN: 'https://elsewhere.example', PORT_HEADER: 'x-forwarded-port' }
});

describe('behind a proxy on this machine, which is always trusted', () => {
	it('marks the cookies Secure and sends HSTS', async () => {
		const reply = await login(api, { 'x-forwarded-proto': 'https' });
		expectCookies(reply.cookies, 'Secure; ');
		expect(reply.headers['strict-transport-security']).toBe('max-age=31536000');
	});

	it.each(['https', 'HTTPS', 'HTTPS ,', 'wss', 'WSS', 'https, http'])(
		'marks them Secure for X-Forwarded-Proto: %j',
		async (proto) => {
			expectCookies((await login(api, { 'x-forwarded-proto': proto })).cookies, 'Secure; ');
		}
	);

	it.each(['http', 'ws', 'ftp', 'http, https', '', 'https://x', 'httpss'])(
		'does not mark them Secure for X-Forwarded-Proto: %j',
		async (proto) => {
			expectCookies((await login(api, { 'x-forwarded-proto': proto })).cookies, '');
		}
	);

	it('accepts a cookie with a mutating request from the public origin', async () => {
		const { token } = await api.accounts.signIn();
		const headers = {
			'x-forwarded-proto': 'https',
			'x-forwarded-host': 'photos.example.test',
			origin: 'https://photos.example.test'
		};
		const reply = await api.request('DELETE', '/api/sessions', { cookie: buildCookie(token), headers });
		expect(reply.status).toBe(204);
		expect(api.lines.filter((line) => line.includes('IMMICH_TRUSTED_PROXIES'))).toEqual([]);
	});

	it('uses the first of several protocols', async () => {
		expectCookies((await login(api, { 'x-forwarded-proto': 'https, http' })).cookies, 'Secure; ');
	});

	it('still ignores our private headers', async () => {
		expectCookies((await login(api, { 'x-immich-auth-protocol': 'https' })).cookies, '');
	});

	it.each([
		['203.0.113.9', '203.0.113.9'],
		['10.0.0.1, 203.0.113.9', '203.0.113.9'],
		['203.0.113.9, 198.51.100.7', '203.0.113.9'],
		['1.2.3.4, 203.0.113.9, 198.51.100.7, 127.0.0.1', '203.0.113.9'],
		['2001:db8::1', '2001:db8::1'],
		['::ffff:203.0.113.9', '203.0.113.9'],
		['203.0.113.9:5000', '203.0.113.9'],
		['"[2001:db8::1]:443"', '2001:db8::1'],
		['198.51.100.7:80, [2001:db8::1]:443, 198.51.100.7:80', '2001:db8::1'],
		['203.0.113.9, ,', '203.0.113.9'],
		['unknown', '127.0.0.1'],
		['_hidden', '127.0.0.1']
	])('X-Forwarded-For: %s resolves to %s', async (forwarded, address) => {
		expect(await findAddress(api, { 'x-forwarded-for': forwarded })).toBe(address);
	});

	it('reads several headers as one list', async () => {
		expect(await findAddress(api, { 'x-forwarded-for': ['10.0.0.1', '203.0.113.9:80', '198.51.100.7'] })).toBe(
			'203.0.113.9'
		);
	});

	it.each([['nonsense'], [''], [',,,'], ['<script>'], ['1.2.3.4:80'], ['x'.repeat(10_000)]])(
		'X-Forwarded-For: %s does not fail',
		async (forwarded) => {
			expect((await login(api, { 'x-forwarded-for': forwarded })).status).toBe(201);
		}
	);

	it('accepts a form from the host the proxy reports', async () => {
		const { email } = await api.accounts.makeAdmin();
		const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'photos.example.test', accept: 'text/html' };
		const post = (origin: string) =>
			api.request('POST', '/auth/login', { form: { email, password }, headers: { ...headers, origin } });
		expect((await post('https://photos.example.test')).status).toBe(303);
		expect((await post('HTTPS://Photos.Example.Test:443')).status).toBe(303);
		expect((await post('http://photos.example.test')).status).toBe(403);
		expect((await post(api.url)).status).toBe(403);
	});
});

describe('behind an untrusted proxy', () => {
	// Sends from this machine's network address, which unlike loopback is not trusted by default.
	beforeAll(async () => {
		await api.reset();
		api.sendTo(outerAddress());
	});
	const claims = {
		'x-forwarded-proto': 'https',
		'x-forwarded-host': 'evil.test',
		'x-forwarded-for': '203.0.113.9',
		'x-immich-auth-protocol': 'https',
		'x-immich-auth-host': 'evil.test',
		'x-immich-auth-address': '203.0.113.9',
		forwarded: 'for=203.0.113.9;proto=https;host=evil.test'
	};

	it('sets exactly the three cookies, without Secure', async () => {
		expectCookies((await login(api)).cookies, '');
	});

	it('sets cookies that expire in 400 days', async () => {
		const [cookie = ''] = (await login(api)).cookies;
		const expires = Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] ?? '');
		const wanted = Date.now() + 34_560_000_000;
		expect(Math.abs(expires - wanted)).toBeLessThan(60_000);
	});

	it('does not trust a client that claims https', async () => {
		const reply = await login(api, claims);
		expectCookies(reply.cookies, '');
		expect(reply.headers).not.toHaveProperty('strict-transport-security');
	});

	it('does not trust a client about its address', async () => {
		for (const headers of [claims, { 'x-forwarded-for': ['203.0.113.9', '127.0.0.1'] }])
			expect(await findAddress(api, headers)).toBe(outerAddress());
	});

	it('logs the variable to set, once', async () => {
		for (let number = 0; number < 3; number++) await login(api, claims);
		const lines = api.lines.filter((line) => line.includes('IMMICH_TRUSTED_PROXIES'));
		expect(lines).toHaveLength(1);
		expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, peer: outerAddress() });
	});

	it('does not trust a client about its host', async () => {
		const page = await api.request('GET', '/auth/register', { headers: { ...claims, accept: 'text/html' } });
		expect(page.text).not.toContain('evil.test');
		const form = { name: 'A', email: 'a@example.test', password };
		const forged = await api.request('POST', '/auth/register', {
			form,
			headers: { ...claims, origin: 'https://evil.test' }
		});
		expect(forged.status).toBe(403);
	});
});

describe('with cookies over https only', () => {
	const api = useApi();
	useSettings(api, { immichAuth: { cookies: { alwaysSecure: true } } });

	it('marks them Secure even for a request over http', async () => {
		expectCookies((await login(api)).cookies, 'Secure; ');
	});
});

describe('Host', () => {
	const api = useApi();
	const odd = [
		'localhost:99999',
		'localhost:port',
		'evil.test/path',
		'user@evil.test',
		'evil.test#x',
		'evil.test?x',
		'a b',
		'[',
		'[::1',
		'[::1]:2283',
		':::',
		'..',
		'-',
		'xn--',
		'a'.repeat(5_000),
		'\\evil.test',
		'%00',
		'http://evil.test',
		'1.2.3.4.5',
		'999.999.999.999',
		'\u00e4.test'
	];

	it.each(odd)('%s does not fail', async (host) => {
		for (const path of ['/api/server/ping', '/auth/register']) {
			const { status } = await api.request('GET', path, { headers: { host } });
			expect([200, 303, 400]).toContain(status);
		}
	});

	it('never redirects elsewhere', async () => {
		for (const host of ['evil.test', ...odd]) {
			const reply = await api.request('GET', '/admin/users', { headers: { host, accept: 'text/html' } });
			const answer = [reply.status, reply.headers.location];
			expect([
				[303, '/auth/login?continue=%2Fadmin%2Fusers'],
				[400, undefined]
			]).toContainEqual(answer);
		}
	});
});
