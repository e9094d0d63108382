import { beforeEach, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { unknownId } from '#tests/support/operations.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const hourMs = 3_600_000;
const readable = /^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/;
const taken = message('These passwords have already been downloaded');
const wrongKey = message('You can download these passwords only in the browser that started this action');
let batches: Batches;
let admin: { id: string };

beforeEach(async () => {
	await api.reset();
	const { user, token } = await api.accounts.signInAdmin();
	admin = user;
	batches = new Batches(api, token);
});

const login = (email: string, given: string) =>
	api.request('POST', '/api/auth/login', { body: { email, password: given } });
const reset = (ids: readonly string[], more: object = {}) => batches.run({ kind: 'resetPassword', ids, ...more });

/** Everything in the database about bulk actions, as text. */
const recorded = async () =>
	JSON.stringify(
		await api.prisma.$queryRaw`
			SELECT (SELECT json_agg(batch) FROM immich_auth.user_batch AS batch)::text AS batches,
				(SELECT json_agg(item) FROM immich_auth.user_batch_item AS item)::text AS items`
	);

describe('a reset of many passwords', () => {
	it('gives each user a working temporary password that must be changed', async () => {
		const users = await Promise.all(Array.from({ length: 11 }, () => api.accounts.makeUser()));
		const { batch, downloadKey } = await reset(users.map(({ id }) => id));
		expect(batch).toMatchObject({ done: 11, passwords: 11 });
		const passwords = await batches.takePasswords(batch.id, downloadKey);
		expect([...passwords.keys()]).toEqual(users.map(({ email }) => email));
		expect(new Set(passwords.values()).size).toBe(11);
		for (const [email, given] of passwords) {
			expect(given).toMatch(readable);
			expect((await login(email, password)).status).toBe(401);
			const { accessToken, shouldChangePassword } = LoginResponseDto.parse((await login(email, given)).body);
			expect(shouldChangePassword).toBe(true);
			expect((await api.request('GET', '/api/users', { token: accessToken })).status).toBe(403);
		}
		const states = await api.prisma.passwordState.findMany();
		expect(states).toHaveLength(11);
		for (const { setBy, expiresAt, demandedAt } of states) {
			expect([setBy, demandedAt]).toEqual([admin.id, null]);
			expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - 7 * 24 * hourMs)).toBeLessThan(60_000);
		}
	});

	it.each([
		[{}, 401],
		[{ revokeApiKeys: true }, 401],
		[{ revokeApiKeys: false }, 200]
	])('%j ends every session, and an API key then gets %i', async (more, status) => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id);
		const stranger = await api.accounts.signIn();
		const { id } = await batches.draft({ kind: 'resetPassword', ids: [user.id], ...more });
		await batches.start(id);
		await batches.finish(id);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(401);
		expect((await api.request('GET', '/api/users/me', { apiKey })).status).toBe(status);
		expect((await api.request('GET', '/api/users/me', { token: stranger.token })).status).toBe(200);
	});

	it('skips users it does not apply to and creates no password for them', async () => {
		const [done, without] = [await api.accounts.makeUser(), await api.accounts.makeUser({ password: null })];
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		const own = await api.accounts.findUser(admin.id);
		const { batch, items, downloadKey } = await reset([done.id, without.id, deleted.id, admin.id, unknownId]);
		expect(items.map(({ outcome, reason }) => [outcome, reason])).toEqual([
			['done', null],
			['done', null],
			['failed', 'The account is deleted: restore it first'],
			['skipped', 'This is your own account: change its password in your account'],
			['failed', 'The account doesn’t exist']
		]);
		expect(await api.accounts.findUser(deleted.id)).toEqual(deleted);
		expect(await api.accounts.findUser(admin.id)).toEqual(own);
		const passwords = await batches.takePasswords(batch.id, downloadKey);
		expect([...passwords.keys()]).toEqual([done.email, without.email]);
		expect((await login(without.email, passwords.get(without.email) ?? '')).status).toBe(201);
	});
});

describe('POST /admin/user-batches/{id}/passwords', () => {
	it('returns them once, even for two concurrent requests', async () => {
		const user = await api.accounts.makeUser();
		const { batch, downloadKey } = await reset([user.id]);
		const replies = await Promise.all(
			[1, 2].map(() => batches.call('POST', `/${batch.id}/passwords`, { downloadKey }))
		);
		expect(replies.map(({ status }) => status).sort()).toEqual([200, 404]);
		const reply = replies.find(({ status }) => status === 200);
		expect(reply?.headers).toMatchObject({
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': 'attachment; filename="temporary-passwords.csv"',
			'cache-control': expect.stringContaining('no-store') as string
		});
		const again = await batches.call('POST', `/${batch.id}/passwords`, { downloadKey });
		expect([again.status, again.body]).toEqual([404, taken]);
		expect(await batches.get(batch.id)).toMatchObject({ done: 1, passwords: 0 });
	});

	it('accepts the key as a form sends it', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const others = new Batches(api, token);
		const { id } = await others.draft({ kind: 'resetPassword', ids: [admin.id, user.id] });
		const downloadKey = (await others.start(id)) ?? '';
		await others.finish(id);
		const path = `/api/admin/user-batches/${id}/passwords`;
		const reply = await api.request('POST', path, { token, form: { downloadKey } });
		expect([reply.status, reply.text]).toEqual([200, expect.stringMatching(/^\uFEFFemail,password\n.+@.+,.+\n$/)]);
	});

	it.each(['', 'x', 'x'.repeat(43), 'A'.repeat(43), 'x'.repeat(100)])(
		'returns 400 for the key %j and keeps them',
		async (downloadKey) => {
			const user = await api.accounts.makeUser();
			const { batch, downloadKey: own } = await reset([user.id]);
			const reply = await batches.call('POST', `/${batch.id}/passwords`, { downloadKey });
			expect([reply.status, reply.body]).toEqual([400, wrongKey]);
			expect((await batches.takePasswords(batch.id, own)).size).toBe(1);
		}
	);

	it.each([{}, { downloadKey: 5 }, { downloadKey: null }, { downloadKey: 'x'.repeat(101) }])(
		'returns 400 for %j',
		async (body) => {
			const user = await api.accounts.makeUser();
			const { batch } = await reset([user.id]);
			const reply = await batches.call('POST', `/${batch.id}/passwords`, body);
			expect([reply.status, reply.body]).toMatchObject([400, { message: 'Validation failed' }]);
		}
	);

	it('returns 404 for a draft and for kinds without passwords', async () => {
		const user = await api.accounts.makeUser();
		const draft = await batches.draft({ kind: 'resetPassword', ids: [user.id] });
		const { batch } = await batches.run({ kind: 'requireChange', ids: [user.id] });
		for (const { id } of [draft, batch])
			expect((await batches.call('POST', `/${id}/passwords`, { downloadKey: 'x' })).status).toBe(404);
	});

	it('deletes passwords that were not fetched within a day', async () => {
		const user = await api.accounts.makeUser();
		const { batch, downloadKey } = await reset([user.id]);
		const finishedAt = new Date(Date.now() - 25 * hourMs);
		await api.prisma.userBatch.update({ where: { id: batch.id }, data: { finishedAt } });
		await batches.draft({ kind: 'delete', ids: [unknownId] });
		expect((await batches.get(batch.id)).passwords).toBe(0);
		expect((await batches.call('POST', `/${batch.id}/passwords`, { downloadKey })).status).toBe(404);
	});
});

describe('a temporary password', () => {
	it('is not in the database or the log, nor is its key', async () => {
		const user = await api.accounts.makeUser();
		const { batch, downloadKey } = await reset([user.id]);
		const before = await recorded();
		const passwords = await batches.takePasswords(batch.id, downloadKey);
		for (const text of [before, await recorded(), api.lines.join('\n')]) {
			for (const given of passwords.values()) expect(text).not.toContain(given);
			expect(text).not.toContain(downloadKey);
		}
		expect(before).toContain('openingKey');
	});
});

describe('another admin', () => {
	it('can read each outcome but gets no password', async () => {
		const { id: userId } = await api.accounts.makeUser();
		const { batch } = await reset([userId]);
		const { token } = await api.accounts.signInAdmin();
		const others = new Batches(api, token);
		expect(await others.get(batch.id)).toEqual(await batches.get(batch.id));
		expect(await others.listItems(batch.id)).toEqual(await batches.listItems(batch.id));
		for (const downloadKey of [undefined, null, 'x'.repeat(10_000), unknownId]) {
			const reply = await others.call('POST', `/${batch.id}/passwords`, { downloadKey });
			expect(reply.status).toBe(400);
			expect(reply.text).not.toMatch(/[a-hjkmnp-z2-9]{4}-[a-hjkmnp-z2-9]{4}-/);
		}
		expect(await batches.get(batch.id)).toMatchObject({ passwords: 1 });
	});
});
