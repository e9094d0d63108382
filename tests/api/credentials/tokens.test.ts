import { createHmac, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, SignJWT, type JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const invalid = message('Invalid user token');

const sign = (claims: JWTPayload, alg: string, key: Uint8Array | CryptoKey) =>
	new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' }).sign(key);

/** Forged tokens, each derived from a user's valid one. */
const forgeries: Record<string, (token: string, claims: JWTPayload) => string | Promise<string>> = {
	'with alg none and no signature': (_, claims) => `${base64url({ alg: 'none' })}.${base64url(claims)}.`,
	'with alg None, written otherwise': (token, claims) =>
		`${base64url({ alg: 'None' })}.${base64url(claims)}.${token.split('.')[2] ?? ''}`,
	'without its signature': (token) => token.split('.').slice(0, 2).join('.'),
	'with an empty signature': (token) => `${token.split('.').slice(0, 2).join('.')}.`,
	'cut by one character': (token) => token.slice(0, -1),
	'with one character more': (token) => `${token}x`,
	'with the signature of another': (token) => `${token.slice(0, -8)}AAAAAAAA`,
	'by another secret': (_, claims) => sign(claims, 'HS256', new Uint8Array(32).fill(7)),
	'by an empty secret': (_, claims) => {
		const unsigned = `${base64url({ alg: 'HS256' })}.${base64url(claims)}`;
		return `${unsigned}.${createHmac('sha256', '').update(unsigned).digest('base64url')}`;
	},
	'by HS512 and our secret': (_, claims) => {
		const unsigned = `${base64url({ alg: 'HS512' })}.${base64url(claims)}`;
		return `${unsigned}.${createHmac('sha512', api.accounts.signingSecret).update(unsigned).digest('base64url')}`;
	},
	'by RS256 and another’s key': async (_, claims) => {
		const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		const der = privateKey.export({ type: 'pkcs8', format: 'der' });
		const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
		return sign(
			claims,
			'RS256',
			await crypto.subtle.importKey('pkcs8', Uint8Array.from(der), algorithm, false, ['sign'])
		);
	},
	'that names its own key': (_, claims) => {
		const header = { alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' }, kid: '../../dev/null', jku: 'http://evil.test' };
		const unsigned = `${base64url(header)}.${base64url(claims)}`;
		return `${unsigned}.${createHmac('sha256', Buffer.from('AAAA', 'base64url')).update(unsigned).digest('base64url')}`;
	},
	'rightly signed, of a session that there is not': (_, claims) =>
		sign({ ...claims, sid: '00000000-0000-4000-a000-000000000000' }, 'HS256', api.accounts.signingSecret),
	'rightly signed, of the right session, but not the one that was issued': (_, claims) =>
		sign({ ...claims, iat: 1 }, 'HS256', api.accounts.signingSecret),
	'rightly signed, and expired': (_, claims) => sign({ ...claims, exp: 1 }, 'HS256', api.accounts.signingSecret),
	'rightly signed, with a session id that is none': (_, claims) =>
		sign({ ...claims, sid: "' OR true --" }, 'HS256', api.accounts.signingSecret),
	'rightly signed, without a session id': ({ length: _ }, { sub = '' }) =>
		sign({ sub }, 'HS256', api.accounts.signingSecret)
};

describe('a token', () => {
	it.each(Object.entries(forgeries))('%s returns 401', async (_, forge) => {
		const { token } = await api.accounts.signIn();
		const forged = await forge(token, decodeJwt(token));
		const reply = await api.request('GET', '/api/users/me', { token: forged });
		expect([reply.status, reply.body]).toEqual([401, invalid]);
		expect((await api.request('GET', '/api/users/me', { cookie: buildCookie(forged) })).status).toBe(401);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
	});

	it("of one user for another user's session returns 401", async () => {
		const [mine, theirs] = [await api.accounts.signIn(), await api.accounts.signInAdmin()];
		const { sid } = decodeJwt(theirs.token);
		for (const claims of [
			{ ...decodeJwt(mine.token), sid },
			{ ...decodeJwt(theirs.token), sub: mine.user.id }
		]) {
			const forged = await sign(claims, 'HS256', api.accounts.signingSecret);
			expect((await api.request('GET', '/api/users/me', { token: forged })).body).toEqual(invalid);
		}
	});

	it('of an ended session returns 401', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.prisma.session.deleteMany({ where: { userId: user.id } });
		expect((await api.request('GET', '/api/users/me', { token })).body).toEqual(invalid);
	});

	it('of an expired session returns 401, even before the cleanup job', async () => {
		const user = await api.accounts.makeUser();
		const token = await api.accounts.makeSession(user.id, { expiresAt: new Date(Date.now() - 1) });
		expect((await api.request('GET', '/api/users/me', { token })).body).toEqual(invalid);
	});

	it('of a deleted user returns 401, and works again once the user is restored', async () => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id);
		const setDeleted = (deletedAt: Date | null) =>
			api.prisma.user.update({ where: { id: user.id }, data: { deletedAt } });
		await setDeleted(new Date());
		expect((await api.request('GET', '/api/users/me', { token })).body).toEqual(invalid);
		expect((await api.request('GET', '/api/users/me', { apiKey })).body).toEqual(message('Invalid API key'));
		await setDeleted(null);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		expect((await api.request('GET', '/api/users/me', { apiKey })).status).toBe(200);
	});

	it('loses a right as soon as its owner does', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const apiKey = await api.accounts.makeApiKey(user.id);
		expect((await api.request('GET', '/api/admin/users', { token })).status).toBe(200);
		await api.prisma.user.update({ where: { id: user.id }, data: { isAdmin: false } });
		for (const credential of [{ token }, { apiKey }])
			expect((await api.request('GET', '/api/admin/users', credential)).body).toEqual(message('Forbidden'));
	});

	it('is not the stored hash', async () => {
		const { user } = await api.accounts.signIn();
		const { token } = await api.prisma.session.findFirstOrThrow({ where: { userId: user.id } });
		for (const encoding of ['hex', 'base64', 'base64url'] as const) {
			const stolen = Buffer.from(token).toString(encoding);
			expect((await api.request('GET', '/api/users/me', { token: stolen })).status).toBe(401);
			expect((await api.request('GET', '/api/users/me', { apiKey: stolen })).status).toBe(401);
		}
	});
});

describe('the last use of a session', () => {
	const hourMs = 60 * 60 * 1_000;
	const findRow = (userId: string) => api.prisma.session.findFirstOrThrow({ where: { userId } });

	it('is written if the last write is more than an hour ago', async () => {
		const user = await api.accounts.makeUser();
		const token = await api.accounts.makeSession(user.id, { updatedAt: new Date(Date.now() - hourMs - 60_000) });
		await api.request('GET', '/api/users/me', { token });
		expect(Date.now() - (await findRow(user.id)).updatedAt.getTime()).toBeLessThan(60_000);
	});

	it('is not written earlier than that', async () => {
		const user = await api.accounts.makeUser();
		const token = await api.accounts.makeSession(user.id, { updatedAt: new Date(Date.now() - hourMs + 60_000) });
		const before = await findRow(user.id);
		await api.request('GET', '/api/users/me', { token });
		expect(await findRow(user.id)).toEqual(before);
	});

	it('is written when the app version changes', async () => {
		const user = await api.accounts.makeUser();
		const token = await api.accounts.makeSession(user.id, { appVersion: '1.0' });
		const headers = { 'user-agent': 'immich-ios/2.0' };
		await api.request('GET', '/api/users/me', { token, headers });
		expect(await findRow(user.id)).toMatchObject({ appVersion: '2.0' });
	});
});
