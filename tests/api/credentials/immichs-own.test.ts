import { hashSync } from '@node-rs/bcrypt';
import { compare } from 'bcrypt';
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { startServer } from '#tests/support/server.ts';

/** Returns a token or key as Immich generates it. */
const opaque = () => randomBytes(32).toString('base64').replace(/\W/g, '');

describe('sessions started by Immich', () => {
	const api = useApi();
	const me = (token: string) => api.request('GET', '/api/users/me', { token });

	async function start(fields: { expiresAt?: Date } = {}) {
		const user = await api.accounts.makeUser();
		const token = opaque();
		const { id } = await api.prisma.session.create({ data: { userId: user.id, token: hashSecret(token), ...fields } });
		return { user, token, id };
	}

	it('are recognized by the hash of the token, wherever it is sent', async () => {
		const { user, token } = await start();
		const body = expect.objectContaining({ id: user.id }) as unknown;
		for (const sent of [{ token }, { cookie: buildCookie(token) }, { headers: { 'x-immich-user-token': token } }]) {
			const reply = await api.request('GET', '/api/users/me', sent);
			expect([reply.status, reply.body]).toEqual([200, body]);
		}
	});

	it('end like ours', async () => {
		const ended = await start();
		expect((await me(ended.token)).status).toBe(200);
		await api.prisma.session.delete({ where: { id: ended.id } });
		expect((await me(ended.token)).status).toBe(401);

		const signedOut = await start();
		expect((await api.request('POST', '/api/auth/logout', { token: signedOut.token })).status).toBe(200);
		expect((await me(signedOut.token)).status).toBe(401);

		const expired = await start({ expiresAt: new Date(Date.now() - 1_000) });
		expect((await me(expired.token)).status).toBe(401);

		const replaced = await start();
		expect((await me(replaced.token)).status).toBe(200);
		await api.prisma.session.update({ where: { id: replaced.id }, data: { token: hashSecret(opaque()) } });
		expect((await me(replaced.token)).status).toBe(401);

		const deleted = await start();
		await api.prisma.user.update({ where: { id: deleted.user.id }, data: { deletedAt: new Date() } });
		expect((await me(deleted.token)).status).toBe(401);
	});

	it('cannot be used with any other stored value', async () => {
		const { id, token } = await start();
		const hash = Buffer.from(hashSecret(token));
		for (const text of [
			id,
			hash.toString('hex'),
			hash.toString('base64'),
			hash.toString('base64url'),
			token.slice(1),
			`${token}A`
		])
			expect((await me(text)).status).toBe(401);
	});

	it("work, and so do Immich's API keys", async () => {
		const user = await api.accounts.makeUser();
		const apiKey = opaque();
		await api.prisma.apiKey.create({
			data: { name: 'Old', key: hashSecret(apiKey), userId: user.id, permissions: ['all'] }
		});
		expect((await api.request('GET', '/api/users/me', { apiKey })).body).toMatchObject({ id: user.id });
	});
});

describe('password hashes', () => {
	const api = useApi();
	let admin = '';
	beforeEach(async () => {
		admin = (await api.accounts.signInAdmin()).token;
	});

	it("are written so that Immich's bcrypt accepts them, in every operation", async () => {
		const { user, token } = await api.accounts.signIn();
		const stored = async (which: 'password' | 'pinCode') => (await api.accounts.findUser(user.id))[which] ?? '';
		const isRight = async (which: 'password' | 'pinCode', secret: string) => [
			(await stored(which)).slice(0, 7),
			await compare(secret, await stored(which))
		];
		const change = { password, newPassword: 'another horse battery', invalidateSessions: false };
		expect((await api.request('POST', '/api/auth/change-password', { token, body: change })).status).toBeLessThan(300);
		expect(await isRight('password', change.newPassword)).toEqual(['$2b$10$', true]);
		await api.request('POST', '/api/auth/pin-code', { token, body: { pinCode: '123456' } });
		expect(await isRight('pinCode', '123456')).toEqual(['$2b$10$', true]);
		const reset = { password: 'the one of an admin', pinCode: '654321' };
		expect((await api.request('PUT', `/api/admin/users/${user.id}`, { token: admin, body: reset })).status).toBe(200);
		expect(await isRight('password', reset.password)).toEqual(['$2b$10$', true]);
		expect(await isRight('pinCode', reset.pinCode)).toEqual(['$2b$10$', true]);
	});

	it('of an earlier version are rewritten at startup without marking users as changed', async () => {
		const old = (text: string) => hashSync(text, 4);
		const [both, pinOnly, fine, none] = await Promise.all([
			api.accounts.makeUser({ password: old('one password'), pinCode: old('111111') }),
			api.accounts.makeUser({ pinCode: old('222222') }),
			api.accounts.makeUser({ password: '$2a$04$4gM0eryq4uPgq1ViSYTpkeArv9AjOxGMZHZ8FS42/VcbbVpcws8FS' }),
			api.accounts.makeUser({ password: null })
		]);
		expect(both.password).toMatch(/^\$2y\$/);
		const second = await startServer({ DATABASE_URL: api.databaseUrl, DATA_DIR: api.dataDir });
		await second.stop();
		const now = await Promise.all([both, pinOnly, fine, none].map(({ id }) => api.accounts.findUser(id)));
		expect(now.map(({ password }) => password?.slice(0, 4))).toEqual(['$2b$', '$2b$', '$2a$', undefined]);
		expect(await compare('one password', now[0]?.password ?? '')).toBe(true);
		expect(await compare('111111', now[0]?.pinCode ?? '')).toBe(true);
		expect(await compare('222222', now[1]?.pinCode ?? '')).toBe(true);
		const unmarked = ({ updatedAt, updateId }: { updatedAt: Date; updateId: string }) => ({ updatedAt, updateId });
		expect(now.map(unmarked)).toEqual([both, pinOnly, fine, none].map(unmarked));
		const login = await api.request('POST', '/api/auth/login', {
			body: { email: both.email, password: 'one password' }
		});
		expect(login.status).toBe(201);
	});
});
