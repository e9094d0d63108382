import { beforeEach, describe, expect, it } from 'vitest';
import { cheapHash, password } from '#tests/support/accounts.ts';
import { useApi, type Api } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { message } from '#tests/support/shapes.ts';

const tooMany = message('Too many wrong passwords. Please try again later.');
const here = '203.0.113.7';

const login = (api: Api, email: string, typed: string, address: string) =>
	api.request('POST', '/api/auth/login', {
		body: { email, password: typed },
		headers: { 'x-forwarded-for': address }
	});

async function story(api: Api) {
	const { token } = await api.accounts.signInAdmin();
	return new AuditLog(api, token).story();
}

/** Makes a user whose wrong passwords are quick to compare. */
const makeUser = (api: Api, fields: { name?: string } = {}) =>
	api.accounts.makeUser({ password: cheapHash, ...fields });

/** Sends wrong passwords for one user, each from another address. */
async function guessFrom(api: Api, email: string, addressOf: (number: number) => string, attempts = 60) {
	const statuses: number[] = [];
	for (let number = 0; number < attempts; number++)
		statuses.push((await login(api, email, 'wrong', addressOf(number))).status);
	return statuses;
}
const fresh = '192.0.2.200';

describe('wrong passwords for one user from many addresses', () => {
	const api = useApi();
	beforeEach(() => api.reset());

	it.each([
		['/64s of one /48', (n: number) => `2001:db8:1:${n.toString(16)}::1`, 429],
		['/64s of one /56', (n: number) => `2001:db8:1:1${n.toString(16).padStart(2, '0')}::1`, 429],
		['/48s', (n: number) => `2001:db8:${n.toString(16)}::1`, 429],
		['IPv4 addresses', (n: number) => `203.0.113.${String(n)}`, 429],
		['private addresses', (n: number) => `10.0.${String(n)}.1`, 429],
		['what is no address', (n: number) => `_hidden${String(n)}`, 429]
	])('are stopped within 60 from different %s', async (_, addressOf, status) => {
		const { email } = await makeUser(api);
		const statuses = await guessFrom(api, email, addressOf);
		expect(statuses[0]).toBe(401);
		expect(statuses.at(-1)).toBe(429);
		expect((await login(api, email, password, addressOf(61))).status).toBe(status);
	});

	it('block everyone except the owner on their known networks', async () => {
		const { id, email } = await makeUser(api);
		await login(api, email, password, here);
		await login(api, email, password, '2001:db8:9:9::9');
		await guessFrom(api, email, (n) => `198.51.100.${String(n)}`);
		const reply = await login(api, email, password, fresh);
		expect([reply.status, reply.body]).toEqual([429, tooMany]);
		expect(Number(reply.headers['retry-after'])).toBeGreaterThan(3_000);
		expect((await login(api, email, password, here)).status).toBe(201);
		expect((await login(api, email, password, '2001:db8:9:9::1')).status).toBe(201);
		expect((await login(api, email, password, '2001:db8:9:8::1')).status).toBe(429);
		const neighbor = await makeUser(api);
		expect((await login(api, neighbor.email, password, fresh)).status).toBe(201);
		await api.prisma.signInOrigin.updateMany({
			where: { userId: id },
			data: { lastUsedAt: new Date(Date.now() - 181 * 24 * 60 * 60_000) }
		});
		expect((await login(api, email, password, here)).status).toBe(429);
	});

	it('have the same effect for an unknown email', async () => {
		await guessFrom(api, 'nobody@example.test', (n) => `198.51.100.${String(n)}`, 2);
		// Simulates many more.
		await api.prisma.rateLimit.updateMany({ data: { points: 60 } });
		const reply = await login(api, 'Nobody@Example.test', 'x', fresh);
		expect([reply.status, reply.body]).toEqual([429, tooMany]);
	});

	it('from a known network are limited to twenty', async () => {
		const { email } = await makeUser(api);
		await login(api, email, password, here);
		const statuses = await guessFrom(api, email, () => here, 25);
		expect(statuses.filter((status) => status === 401)).toHaveLength(20);
		expect((await login(api, email, password, here)).status).toBe(429);
	});

	it('from all known networks together are limited to twenty, and a sign-in clears only its own network’s', async () => {
		const { id, email } = await makeUser(api);
		const networks = Array.from({ length: 6 }, (_, number) => `203.0.113.${String(number)}`);
		for (const address of networks) await login(api, email, password, address);
		const guess = async (attempts: number, from: readonly string[]) => {
			const statuses: number[] = [];
			for (let number = 0; number < attempts; number++)
				statuses.push((await login(api, email, 'wrong', from[number % from.length] ?? '')).status);
			return statuses.filter((status) => status === 401).length;
		};
		expect(await guess(10, networks.slice(0, 2))).toBe(10);
		// The first network's five are cleared, the second network's five are not.
		expect((await login(api, email, password, networks[0] ?? '')).status).toBe(201);
		expect(await guess(40, networks)).toBe(15);
		for (const address of networks) {
			const reply = await login(api, email, password, address);
			expect([reply.status, reply.body]).toEqual([429, tooMany]);
			expect(Number(reply.headers['retry-after'])).toBeLessThanOrEqual(900);
		}
		const lines = (await story(api)).filter((line) => line.includes('from many addresses'));
		expect(lines).toHaveLength(1);
		const { token } = await api.accounts.signInAdmin();
		const check = await api.request('GET', `/api/admin/users/${id}/sign-in-check`, { token });
		expect(check.body).toMatchObject({ limitedFrom: [{ network: 'all known networks' }] });
		await api.request('DELETE', `/api/admin/users/${id}/sign-in-attempts`, { token });
		expect((await login(api, email, password, networks[3] ?? '')).status).toBe(201);
	});

	it('are limited to sixty in total, wherever the owner has signed in', async () => {
		const { email } = await makeUser(api);
		const known = Array.from({ length: 5 }, (_, number) => `203.0.113.${String(number)}`);
		for (const address of known) await login(api, email, password, address);
		const strange = await guessFrom(api, email, (n) => `198.51.100.${String(n)}`, 50);
		const near = await guessFrom(api, email, (n) => known[n % 5] ?? '', 50);
		expect([...strange, ...near].filter((status) => status === 401)).toHaveLength(60);
	});

	it('are compared at most twenty times in a concurrent burst from known networks', async () => {
		// This hash is slow enough to compare that all requests arrive in the meantime.
		const { email } = await api.accounts.makeUser();
		const known = Array.from({ length: 5 }, (_, number) => `203.0.113.${String(number)}`);
		for (const address of known) await login(api, email, password, address);
		await guessFrom(api, email, (n) => known[n % 5] ?? '', 16);
		const crowd = await Promise.all(
			Array.from({ length: 10 }, (_, n) => login(api, email, 'wrong', known[n % 5] ?? ''))
		);
		expect(crowd.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(4);
		expect((await login(api, email, password, here)).status).toBe(201);
	});

	it('expire for known networks once enough of them are fifteen minutes old', async () => {
		const { email } = await makeUser(api);
		for (const address of [here, '203.0.113.8']) await login(api, email, password, address);
		await guessFrom(api, email, (n) => [here, '203.0.113.8'][n % 2] ?? '', 22);
		const reply = await login(api, email, password, here);
		expect(reply.status).toBe(429);
		const soon = BigInt(Date.now() + 60_000);
		await api.prisma.rateLimit.updateMany({ where: { key: { endsWith: '@203.0.113.8' } }, data: { expire: soon } });
		expect(Number((await login(api, email, password, here)).headers['retry-after'])).toBeLessThanOrEqual(60);
		await api.prisma.rateLimit.updateMany({ where: { key: { endsWith: '@203.0.113.8' } }, data: { expire: 1n } });
		expect((await login(api, email, password, here)).status).toBe(201);
	});

	it('are recorded once, shown to admins, and can be cleared by them', async () => {
		const { id, email } = await makeUser(api, { name: 'Bob' });
		await guessFrom(api, email, (n) => `198.51.100.${String(n)}`);
		const lines = (await story(api)).filter((line) => line.includes('from many addresses'));
		expect(lines).toEqual(['no actor: auth.signIn of Bob, refused: Too many wrong passwords from many addresses']);
		const { token } = await api.accounts.signInAdmin();
		const check = await api.request('GET', `/api/admin/users/${id}/sign-in-check`, { token });
		expect(check.body).toMatchObject({ limitedFrom: [{ network: 'all unknown networks' }] });
		await api.request('DELETE', `/api/admin/users/${id}/sign-in-attempts`, { token });
		expect((await login(api, email, password, fresh)).status).toBe(201);
	});

	it('expire after an hour, even if the clock was set back', async () => {
		const { email } = await makeUser(api);
		await guessFrom(api, email, (n) => `198.51.100.${String(n)}`, 41);
		expect((await login(api, email, password, fresh)).status).toBe(429);
		await api.prisma.rateLimit.updateMany({ data: { expire: BigInt(Date.now() + 25 * 60 * 60_000) } });
		expect((await login(api, email, password, fresh)).status).toBe(201);
	});

	it('are not cleared when the owner signs in', async () => {
		const { email } = await makeUser(api);
		await login(api, email, password, here);
		await guessFrom(api, email, (n) => `198.51.100.${String(n)}`, 45);
		expect((await login(api, email, password, here)).status).toBe(201);
		expect((await login(api, email, password, fresh)).status).toBe(429);
	});
});

describe('a browser in which a user has signed in', () => {
	const api = useApi();
	beforeEach(async () => {
		await api.reset();
		// Without an admin the page redirects to first setup.
		await api.accounts.makeAdmin();
	});

	const signIn = (email: string, typed: string, browser?: string, address = fresh) =>
		api.request('POST', '/auth/login', {
			form: { email, password: typed },
			...(browser !== undefined && { cookie: `immich_auth_browser=${browser}` }),
			headers: {
				'x-forwarded-for': address,
				origin: api.url,
				host: new URL(api.url).host,
				accept: 'text/html'
			}
		});
	const findSecret = (cookies: readonly string[]): string =>
		cookies.map((cookie) => /^immich_auth_browser=([\w-]{43});/.exec(cookie)?.[1]).find(Boolean) ?? '';

	it('is admitted from anywhere while the limit per user is reached, but only for its own user', async () => {
		const bob = await makeUser(api);
		const first = await signIn(bob.email, password, undefined, here);
		const secret = findSecret(first.cookies);
		expect(secret).toHaveLength(43);
		expect(first.cookies.find((cookie) => cookie.startsWith('immich_auth_browser='))).toMatch(
			/Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/
		);
		await guessFrom(api, bob.email, (n) => `198.51.100.${String(n)}`);
		expect((await signIn(bob.email, password)).status).toBe(429);
		expect((await signIn(bob.email, password, 'A'.repeat(43))).status).toBe(429);
		const again = await signIn(bob.email, password, secret);
		expect(again.status).toBe(303);
		expect(findSecret(again.cookies)).toBe(secret);

		const eve = await makeUser(api);
		await guessFrom(api, eve.email, (n) => `198.51.100.${String(n)}`);
		expect((await signIn(eve.email, password, secret, '192.0.2.201')).status).toBe(429);
	});

	it('has its own twenty guesses', async () => {
		const { email } = await makeUser(api);
		const secret = findSecret((await signIn(email, password)).cookies);
		const statuses: number[] = [];
		for (let number = 0; number < 22; number++)
			statuses.push((await signIn(email, 'wrong', secret, `198.51.100.${String(number)}`)).status);
		expect(statuses.filter((status) => status === 401)).toHaveLength(20);
		expect((await signIn(email, password, secret)).status).toBe(429);
		const { id } = await api.prisma.user.findUniqueOrThrow({ where: { email } });
		expect(await api.prisma.signInOrigin.count({ where: { userId: id, key: { contains: secret } } })).toBe(0);
	});

	it('shares its twenty guesses with the owner’s other browsers', async () => {
		const { id, email } = await makeUser(api);
		const secrets: string[] = [];
		for (let number = 0; number < 3; number++) secrets.push(findSecret((await signIn(email, password)).cookies));
		expect(new Set(secrets).size).toBe(3);
		const statuses: number[] = [];
		for (let number = 0; number < 24; number++)
			statuses.push((await signIn(email, 'wrong', secrets[number % 3], `198.51.100.${String(number)}`)).status);
		expect(statuses.filter((status) => status === 401)).toHaveLength(20);
		for (const secret of secrets) expect((await signIn(email, password, secret)).status).toBe(429);
		const { token } = await api.accounts.signInAdmin();
		const check = await api.request('GET', `/api/admin/users/${id}/sign-in-check`, { token });
		expect(check.body).toMatchObject({ limitedFrom: [{ network: 'all known browsers' }] });
	});

	it('is no longer known after an admin’s reset', async () => {
		const { id, email } = await makeUser(api);
		await signIn(email, password);
		expect(await api.prisma.signInOrigin.count({ where: { userId: id } })).toBe(2);
		const { token } = await api.accounts.signInAdmin();
		await api.request('POST', `/api/admin/users/${id}/reset-password`, { token, body: {} });
		expect(await api.prisma.signInOrigin.count({ where: { userId: id } })).toBe(0);
	});
});
