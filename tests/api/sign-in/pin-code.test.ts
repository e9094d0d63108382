import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const pinCode = '123456';

const call = (method: string, path: string, token: string, body?: object) =>
	api.request(method, `/api/auth/${path}`, { token, ...(body && { body }) });
const status = async (token: string) => (await call('GET', 'status', token)).body;

async function signInWithPin() {
	const signedIn = await api.accounts.signIn();
	expect((await call('POST', 'pin-code', signedIn.token, { pinCode })).status).toBe(204);
	return signedIn;
}

describe('a PIN', () => {
	it('is set once, as a hash', async () => {
		const { user, token } = await signInWithPin();
		expect((await api.accounts.findUser(user.id)).pinCode).toMatch(/^\$2b\$10\$/);
		const again = await call('POST', 'pin-code', token, { pinCode });
		expect([again.status, again.body]).toEqual([400, message('User already has a PIN code')]);
	});

	it('is set by one of many concurrent requests', async () => {
		const { token } = await api.accounts.signIn();
		const replies = await Promise.all(Array.from({ length: 5 }, () => call('POST', 'pin-code', token, { pinCode })));
		expect(replies.map((reply) => reply.status).toSorted()).toEqual([204, 400, 400, 400, 400]);
	});

	it.each([{}, { pinCode: '12' }, { pinCode: 123456 }, { pinCode: '12345a' }, { pinCode: '１２３４５６' }])(
		'is refused with 400 for %j',
		async (body) => {
			const { token } = await api.accounts.signIn();
			expect((await call('POST', 'pin-code', token, body)).status).toBe(400);
		}
	);

	it.each([{ pinCode }, { password }])('is changed by %j', async (proof) => {
		const { token } = await signInWithPin();
		expect((await call('PUT', 'pin-code', token, { ...proof, newPinCode: '654321' })).status).toBe(204);
		expect((await call('POST', 'session/unlock', token, { pinCode })).status).toBe(400);
		expect((await call('POST', 'session/unlock', token, { pinCode: '654321' })).status).toBe(204);
	});

	it.each([
		[{ pinCode: '000000' }, 'Wrong PIN code'],
		[{ password: 'wrong' }, 'Wrong password'],
		[{ password: 'wrong', pinCode }, 'Wrong password'],
		[{}, 'Either password or pinCode is required']
	])('is kept for %j: %s', async (proof, text) => {
		const { token } = await signInWithPin();
		for (const [method, path, body] of [
			['PUT', 'pin-code', { ...proof, newPinCode: '654321' }],
			['DELETE', 'pin-code', proof],
			['POST', 'session/unlock', proof]
		] as const) {
			const reply = await call(method, path, token, body);
			expect([reply.status, reply.body]).toEqual([400, message(text)]);
		}
		expect(await status(token)).toMatchObject({ pinCode: true, isElevated: false });
	});

	it('gets 400 if none is set', async () => {
		const { token } = await api.accounts.signIn();
		for (const [method, path, body] of [
			['PUT', 'pin-code', { password, newPinCode: '654321' }],
			['DELETE', 'pin-code', { password }],
			['POST', 'session/unlock', { pinCode }]
		] as const) {
			const reply = await call(method, path, token, body);
			expect([reply.status, reply.body]).toEqual([400, message('User does not have a PIN code')]);
		}
	});

	it('is removed, and every session locked', async () => {
		const { user, token } = await signInWithPin();
		const other = await api.accounts.makeSession(user.id, { pinExpiresAt: new Date(Date.now() + 600_000) });
		expect((await call('DELETE', 'pin-code', token, { password })).status).toBe(204);
		expect(await status(other)).toMatchObject({ pinCode: false, isElevated: false });
	});

	it('cannot be guessed: 429 with Retry-After after ten wrong ones, even for the right one', async () => {
		const { user, token } = await signInWithPin();
		const other = await api.accounts.makeSession(user.id);
		for (let guess = 0; guess < 10; guess++)
			expect((await call('POST', 'session/unlock', token, { pinCode: '000000' })).status).toBe(400);
		for (const caller of [token, other]) {
			const reply = await call('POST', 'session/unlock', caller, { pinCode });
			expect(reply.status).toBe(429);
			expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
		}
		const neighbour = await signInWithPin();
		expect((await call('POST', 'session/unlock', neighbour.token, { pinCode })).status).toBe(204);
	});
});

it.each([
	['POST', 'pin-code'],
	['PUT', 'pin-code'],
	['DELETE', 'pin-code'],
	['POST', 'session/unlock']
])('%s /auth/%s: 413 for a one-megabyte body, 400 for values of 10,000 characters', async (method, path) => {
	const { token } = await signInWithPin();
	expect((await call(method, path, token, { pinCode: '1'.repeat(2 ** 20) })).status).toBe(413);
	const long = 'x'.repeat(10_000);
	const values = { pinCode: long, newPinCode: long, password: long };
	expect((await call(method, path, token, values)).status).toBe(400);
	expect((await call('POST', 'session/unlock', token, { pinCode })).status).toBe(204);
});

describe('unlocking', () => {
	it('lasts fifteen minutes for the calling session, until it is locked', async () => {
		const { user, token } = await signInWithPin();
		const other = await api.accounts.makeSession(user.id);
		expect((await call('POST', 'session/unlock', token, { pinCode })).status).toBe(204);
		const [row] = await api.prisma.session.findMany({ where: { pinExpiresAt: { not: null }, userId: user.id } });
		const leftMs = (row?.pinExpiresAt?.getTime() ?? 0) - Date.now();
		expect(Math.abs(leftMs - 15 * 60_000)).toBeLessThan(10_000);
		expect(await status(token)).toMatchObject({ isElevated: true });
		expect(await status(other)).toMatchObject({ isElevated: false });
		expect((await call('POST', 'session/lock', token)).status).toBe(204);
		expect(await status(token)).toMatchObject({ isElevated: false });
	});

	it('is extended to five minutes after a request, and expires', async () => {
		const { user } = await signInWithPin();
		const soon = await api.accounts.makeSession(user.id, { pinExpiresAt: new Date(Date.now() + 60_000) });
		const over = await api.accounts.makeSession(user.id, { pinExpiresAt: new Date(Date.now() - 1_000) });
		expect(await status(soon)).toMatchObject({ isElevated: true });
		expect(await status(over)).toMatchObject({ isElevated: false });
		const rows = await api.prisma.session.findMany({ where: { userId: user.id, pinExpiresAt: { gt: new Date() } } });
		expect(rows).toHaveLength(1);
		expect((rows[0]?.pinExpiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(4.5 * 60_000);
		// The next request doesn't extend it again: a page that loads again after each extension would keep it elevated.
		expect(await status(soon)).toMatchObject({ isElevated: true });
		const again = await api.prisma.session.findMany({ where: { userId: user.id, pinExpiresAt: { gt: new Date() } } });
		expect(again.map(({ pinExpiresAt }) => pinExpiresAt)).toEqual(rows.map(({ pinExpiresAt }) => pinExpiresAt));
	});

	it.each(['unlock', 'lock'])('returns 400 to %s for an API key', async (what) => {
		const { user } = await signInWithPin();
		const apiKey = await api.accounts.makeApiKey(user.id);
		const reply = await api.request('POST', `/api/auth/session/${what}`, { apiKey, body: { pinCode } });
		expect([reply.status, reply.body]).toEqual([400, message('This endpoint can only be used with a session token')]);
	});
});
