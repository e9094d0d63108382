import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { cheapHash, password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { useSettings } from '#tests/support/change-settings.ts';
import { whileItWaits } from '#tests/support/held.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const tooMany = message('Too many wrong passwords. Please try again later.');
const incorrect = message('Incorrect email or password');
const [here, elsewhere] = ['203.0.113.7', '198.51.100.9'];

const login = (email: string, typed: string, address = here) =>
	api.request('POST', '/api/auth/login', {
		body: { email, password: typed },
		headers: { 'x-forwarded-for': address }
	});

/** Counts this many wrong passwords, with fifteen minutes left. */
async function count(key: string, points: number) {
	const expire = BigInt(Date.now() + 15 * 60_000);
	await api.prisma.rateLimit.upsert({ where: { key }, create: { key, points, expire }, update: { points, expire } });
}
const pairKey = (email: string, network: string) =>
	`sign-in:${createHash('sha256').update(email).digest('hex')}@${network}`;

async function story() {
	const { token } = await api.accounts.signInAdmin();
	return new AuditLog(api, token).story();
}

describe('POST /auth/login after too many wrong passwords', () => {
	beforeEach(() => api.reset());

	it('returns 429 from the 21st on, even for the right one, with Retry-After, but not elsewhere', async () => {
		const { email } = await api.accounts.makeUser({ password: cheapHash });
		for (let guess = 0; guess < 20; guess++) expect((await login(email, 'wrong')).status).toBe(401);
		for (const typed of ['wrong', password]) {
			const reply = await login(email, typed);
			expect([reply.status, reply.body]).toEqual([429, tooMany]);
			expect(Number(reply.headers['retry-after'])).toBeGreaterThan(800);
			expect(Number(reply.headers['retry-after'])).toBeLessThanOrEqual(900);
		}
		expect((await login(email, password, elsewhere)).status).toBe(201);
		const neighbour = await api.accounts.makeUser();
		expect((await login(neighbour.email, password)).status).toBe(201);
	});

	it('responds the same for an unknown email, however it is spelled', async () => {
		await count(pairKey('nobody@example.test', here), 19);
		expect((await login('nobody@example.test', 'x')).body).toEqual(incorrect);
		const reply = await login('Nobody@Example.test', 'x');
		expect([reply.status, reply.body]).toEqual([429, tooMany]);
	});

	it('admits a user with an attempt left and clears the wrong ones', async () => {
		const { email } = await api.accounts.makeUser();
		await count(pairKey(email, here), 19);
		expect((await login(email, password)).status).toBe(201);
		for (let guess = 0; guess < 2; guess++) expect((await login(email, 'wrong')).status).toBe(401);
	});

	it('accepts sign-ins again after the limit expires', async () => {
		const { email } = await api.accounts.makeUser();
		await count(pairKey(email, here), 20);
		expect((await login(email, password)).status).toBe(429);
		await api.prisma.rateLimit.updateMany({ data: { expire: BigInt(Date.now() - 1) } });
		expect((await login(email, 'wrong')).status).toBe(401);
		expect((await login(email, password)).status).toBe(201);
	});

	it.each([
		['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', 429],
		['2001:db8:1:2::1', '2001:db8:1:3::1', 201],
		['::ffff:203.0.113.7', '203.0.113.7', 429],
		['64:ff9b::203.0.113.7', '64:ff9b::203.0.113.8', 201]
	])('counts %s and then %s: %i', async (first, second, status) => {
		const { email } = await api.accounts.makeUser();
		await login(email, 'wrong', first);
		await api.prisma.rateLimit.updateMany({ data: { points: 20 } });
		expect((await login(email, password, second)).status).toBe(status);
	});

	it('compares at most twenty of a concurrent burst and reveals nothing about the others', async () => {
		const { email } = await api.accounts.makeUser();
		await count(pairKey(email, here), 16);
		const wrong = await Promise.all(Array.from({ length: 8 }, () => login(email, 'wrong')));
		const statuses = wrong.map(({ status }) => status);
		expect(statuses.filter((status) => status === 401)).toHaveLength(4);
		expect(statuses.filter((status) => status === 429)).toHaveLength(4);
		const late = await Promise.all(Array.from({ length: 2 }, () => login(email, password)));
		expect(late.map(({ status }) => status)).toEqual([429, 429]);
		expect((await story()).filter((line) => line.endsWith('Too many wrong passwords'))).toHaveLength(1);
	});

	it('refuses the right password if the limit is reached while it is compared', async () => {
		const { email } = await api.accounts.makeUser();
		const reply = await whileItWaits(
			api,
			// Read with the user, but not with the limits, which are read at the same time.
			['LOCK TABLE immich_auth.password_state IN ACCESS EXCLUSIVE MODE', []],
			() => login(email, password),
			() => count(pairKey(email, here), 20)
		);
		expect([reply.status, reply.body]).toEqual([429, tooMany]);
	});

	it('records once that the limit was reached, and no refusal after it', async () => {
		const { id, email } = await api.accounts.makeUser({ name: 'Bob' });
		await count(pairKey(email, here), 19);
		for (let guess = 0; guess < 5; guess++) await login(email, 'wrong');
		expect(await story()).toEqual([
			'no actor: auth.signIn of Bob, refused: Wrong password',
			'no actor: auth.signIn of Bob, refused: Too many wrong passwords'
		]);
		const logged = 'Sign-in refused: too many wrong passwords';
		const lines = () => api.lines.filter((line) => line.includes(id) && line.includes(logged));
		await expect.poll(() => lines().length).toBe(4);
		expect(lines()[0]).toMatch(
			/^\{"level":40,"time":"[\d-]+T[\d:.]+Z","address":"203\.0\.113\.7","userId":"[\w-]{36}","msg":"[^"]+"\}$/
		);
	});

	it('returns 429 for everyone at one public address after two hundred, for any users', async () => {
		const bob = await api.accounts.makeUser();
		await count(`sign-in-from:${here}`, 199);
		expect((await login('nobody@example.test', 'x')).status).toBe(401);
		expect((await login(bob.email, password)).status).toBe(429);
		expect((await login(bob.email, password, elsewhere)).status).toBe(201);
		expect(await story()).toContain('no actor: auth.signIn, refused: Too many wrong passwords from one address');
	});

	it.each(['127.0.0.1', '10.1.2.3', '192.168.1.7', '100.64.0.1', 'fd00::1', 'fe80::1%eth0', 'unknown'])(
		'does not lock users out for others’ attempts from %s, which may be a proxy',
		async (address) => {
			const bob = await api.accounts.makeUser();
			await login('nobody@example.test', 'x', address);
			await api.prisma.rateLimit.updateMany({ where: { key: { startsWith: 'sign-in-from:' } }, data: { points: 500 } });
			expect((await login(bob.email, password, address)).status).toBe(201);
			expect((await login(bob.email, 'x', address)).status).toBe(401);
		}
	);

	it('counts an expired temporary password, so that it does not fill the log', async () => {
		const user = await api.accounts.makeUser({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id, { expiresAt: new Date(0) });
		await count(pairKey(user.email, here), 19);
		expect((await login(user.email, password)).status).toBe(401);
		expect((await login(user.email, password)).status).toBe(429);
	});

	it('shows a browser how long to wait, above the form', async () => {
		const { email } = await api.accounts.makeAdmin();
		await count(pairKey(email, '127.0.0.1'), 20);
		const reply = await api.submit('/auth/login', { email, password });
		expect(reply.status).toBe(429);
		expect(reply.headers['retry-after']).toBe('900');
		expect(reply.text).toContain('Too many wrong passwords. Try again in 15 minutes.');
	});
});

describe('POST /auth/login while password sign-in is off', () => {
	useSettings(api, { system: { passwordLogin: { enabled: false } } });

	it('returns 429 after as many, and from any address after two hundred, so that refusals do not fill the log', async () => {
		const { email } = await api.accounts.makeUser();
		const before = (await story()).length;
		for (let guess = 0; guess < 20; guess++) expect((await login(email, 'x', '10.0.0.1')).status).toBe(401);
		expect((await login(email, 'x', '10.0.0.1')).status).toBe(429);
		await count('sign-in-from:10.0.0.1', 200);
		for (let number = 0; number < 5; number++)
			expect((await login(`nobody-${String(number)}@example.test`, 'x', '10.0.0.1')).status).toBe(429);
		expect(await story()).toHaveLength(before + 21);
	});
});

describe('a signed-in user’s own password', () => {
	const change = (token: string, typed: string) =>
		api.request('POST', '/api/auth/change-password', {
			token,
			body: { password: typed, newPassword: 'a new password' }
		});

	it('returns 429 with Retry-After after ten wrong ones in any session, including those for unlocking', async () => {
		const { user, token } = await api.accounts.signIn();
		const pinCode = '123456';
		await api.request('POST', '/api/auth/pin-code', { token, body: { pinCode } });
		for (let guess = 0; guess < 5; guess++) {
			expect((await change(token, 'wrong')).status).toBe(400);
			const body = { password: 'wrong' };
			expect((await api.request('POST', '/api/auth/session/unlock', { token, body })).status).toBe(400);
		}
		for (const caller of [token, await api.accounts.makeSession(user.id)]) {
			const reply = await change(caller, password);
			expect([reply.status, reply.body]).toEqual([429, message('Too many attempts. Please try again later.')]);
			expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
		}
		expect((await api.request('POST', '/api/auth/login', { body: { email: user.email, password } })).status).toBe(201);
	});

	it('is compared ten times in a concurrent burst', async () => {
		const { token } = await api.accounts.signIn();
		const replies = await Promise.all(Array.from({ length: 16 }, () => change(token, 'wrong')));
		expect(replies.filter(({ status }) => status === 400)).toHaveLength(10);
		expect(replies.filter(({ status }) => status === 429)).toHaveLength(6);
	});
});
