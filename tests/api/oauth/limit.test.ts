import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { HostileProvider } from '#tests/support/hostile-provider.ts';
import { configureOAuth, redirectUri } from '#tests/support/oauth.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi({ env: { IMMICH_TRUSTED_PROXIES: '127.0.0.1,::1' } });
let provider: HostileProvider;
const [here, elsewhere] = ['203.0.113.7', '198.51.100.9'];
const sentence = 'Too many sign-ins from your network. Try again in 10 minutes.';

beforeAll(async () => {
	provider = await HostileProvider.start();
});
afterAll(() => provider.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, provider);
	await api.accounts.makeAdmin();
});

/** Counts this many started flows, with ten minutes left. */
async function count(network: string, points: number) {
	const key = `oauth-begin:${network}`;
	await api.prisma.rateLimit.create({ data: { key, points, expire: BigInt(Date.now() + 10 * 60_000) } });
}
const buildHeaders = (address: string) => ({ 'x-forwarded-for': address, host: new URL(api.url).host });
const begin = (address: string) =>
	api.request('POST', '/api/oauth/authorize', { body: { redirectUri }, headers: buildHeaders(address) });

describe('POST /oauth/authorize over the limit', () => {
	it('returns 429 from the 101st in ten minutes with Retry-After and no row, but accepts other networks', async () => {
		await count(here, 99);
		expect((await begin(here)).status).toBe(201);
		const reply = await begin(here);
		expect([reply.status, reply.body]).toEqual([429, message('Too many sign-ins started. Please try again later.')]);
		expect(Number(reply.headers['retry-after'])).toBeGreaterThan(500);
		expect(Number(reply.headers['retry-after'])).toBeLessThanOrEqual(600);
		expect(reply.cookies).toEqual([]);
		expect(await api.prisma.oAuthFlow.count()).toBe(1);
		expect((await begin(elsewhere)).status).toBe(201);
		const lines = () => api.lines.filter((line) => line.includes('too many OAuth sign-ins started'));
		await expect.poll(() => lines().join('\n')).toContain(`"address":"${here}"`);
	});

	it('accepts requests again after the limit expires', async () => {
		await count(here, 100);
		expect((await begin(here)).status).toBe(429);
		await api.prisma.rateLimit.updateMany({ data: { expire: BigInt(Date.now() - 1) } });
		expect((await begin(here)).status).toBe(201);
	});

	it('counts concurrent requests one by one', async () => {
		await count(here, 96);
		const replies = await Promise.all(Array.from({ length: 10 }, () => begin(here)));
		expect(replies.filter(({ status }) => status === 201)).toHaveLength(4);
		expect(await api.prisma.oAuthFlow.count()).toBe(4);
	});

	it('treats an IPv6 /64 as one network', async () => {
		await count('2001:db8:1:2::/64', 100);
		expect((await begin('2001:db8:1:2:ffff::9')).status).toBe(429);
		expect((await begin('2001:db8:1:3::1')).status).toBe(201);
	});

	it.each(['127.0.0.1', '10.1.2.3', '192.168.1.7', '100.64.0.1', 'fd00::1', 'unknown'])(
		'locks no one out at %s, which may be a proxy',
		async (address) => {
			await begin(address);
			expect(await api.prisma.rateLimit.count()).toBe(0);
			await count(address, 500);
			expect((await begin(address)).status).toBe(201);
		}
	);

	it('does not count requests that start no flow', async () => {
		const headers = buildHeaders(here);
		await api.request('POST', '/api/oauth/authorize', { body: { redirectUri: 'javascript:a' }, headers });
		await api.request('POST', '/api/oauth/authorize', { body: { redirectUri, providerId: 'other' }, headers });
		expect(await api.prisma.rateLimit.count()).toBe(0);
	});
});

describe('the console’s sign-in flows over the limit', () => {
	beforeEach(() => count(here, 100));

	it('show a message on the sign-in page instead of redirecting', async () => {
		const headers = { ...buildHeaders(here), accept: 'text/html' };
		const reply = await api.request('GET', '/auth/login?provider=immich', { headers });
		expect([reply.status, reply.headers.location]).toEqual([200, undefined]);
		expect(reply.text).toContain(sentence);
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});

	it('show a message when a user links a provider', async () => {
		const { token } = await api.accounts.signIn();
		const headers = { ...buildHeaders(here), accept: 'text/html', origin: api.url };
		const sent = { form: { providerId: 'immich' }, headers, cookie: buildCookie(token) };
		const reply = await api.request('POST', '/account/providers?/link', sent);
		expect(reply.status).toBe(429);
		expect(reply.text).toContain(sentence);
		expect(Number(reply.headers['retry-after'])).toBeGreaterThan(500);
	});
});
