import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { Batches, readCsv } from '#tests/support/batches.ts';
import { restOperations, unknownId } from '#tests/support/operations.ts';
import { anyIso, anyUuid, message, uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const dayMs = 86_400_000;
const Issues = z.object({ errors: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])) })) });
let batches: Batches;
let admin: { id: string };
let token = '';

beforeEach(async () => {
	await api.reset();
	({ user: admin, token } = await api.accounts.signInAdmin());
	batches = new Batches(api, token);
});

describe('POST /admin/user-batches', () => {
	it('returns 201 with a draft that changes nothing yet', async () => {
		const user = await api.accounts.makeUser();
		const batch = await batches.draft({ kind: 'delete', ids: [user.id] });
		expect(batch).toEqual({
			id: anyUuid,
			kind: 'delete',
			state: 'draft',
			total: 1,
			waiting: 1,
			done: 0,
			skipped: 0,
			failed: 0,
			createdBy: admin.id,
			createdAt: anyIso,
			startedAt: null,
			finishedAt: null,
			passwords: 0
		});
		expect(await batches.get(batch.id)).toEqual(batch);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it.each([
		[{}, ['kind']],
		[{ kind: 'explode', ids: [unknownId] }, ['kind']],
		[{ kind: 'create', ids: [unknownId] }, ['kind']],
		[{ kind: 'delete' }, ['ids']],
		[{ kind: 'delete', ids: [unknownId], filter: {} }, ['ids']],
		[{ kind: 'delete', ids: [] }, ['ids']],
		[{ kind: 'delete', ids: ['nope'] }, ['ids', 0]],
		[{ kind: 'delete', ids: unknownId }, ['ids']],
		[{ kind: 'delete', filter: { role: 'king' } }, ['filter', 'role']],
		[{ kind: 'delete', filter: { status: 'gone' } }, ['filter', 'status']],
		[{ kind: 'delete', filter: { signIn: 5 } }, ['filter', 'signIn']],
		[{ kind: 'delete', filter: { quota: 'under' } }, ['filter', 'quota']],
		[{ kind: 'delete', filter: { seen: 'always' } }, ['filter', 'seen']],
		[{ kind: 'delete', filter: { q: 5 } }, ['filter', 'q']],
		[{ kind: 'delete', filter: { q: 'x'.repeat(255) } }, ['filter', 'q']],
		[{ kind: 'setQuota', ids: [unknownId] }, ['quotaSizeInBytes']],
		[{ kind: 'setQuota', ids: [unknownId], quotaSizeInBytes: -1 }, ['quotaSizeInBytes']],
		[{ kind: 'setQuota', ids: [unknownId], quotaSizeInBytes: 1.5 }, ['quotaSizeInBytes']],
		[{ kind: 'setQuota', ids: [unknownId], quotaSizeInBytes: '5' }, ['quotaSizeInBytes']],
		[{ kind: 'resetPassword', ids: [unknownId], revokeApiKeys: 'yes' }, ['revokeApiKeys']]
	])('returns 400 for %j and drafts nothing', async (body, path) => {
		const reply = await batches.call('POST', '', body);
		expect(reply.status).toBe(400);
		expect(Issues.parse(reply.body).errors[0]?.path).toEqual(path);
		expect(await api.prisma.userBatch.count()).toBe(0);
	});

	it('returns 400 for more than 20,000 IDs', async () => {
		const ids = Array.from({ length: 20_001 }, () => crypto.randomUUID());
		expect((await batches.call('POST', '', { kind: 'delete', ids })).status).toBe(400);
		expect(await batches.draft({ kind: 'delete', ids: ids.slice(1) })).toMatchObject({ total: 20_000 });
	});

	it('returns 413 for a body larger than any such list', async () => {
		expect((await batches.call('POST', '', { kind: 'x'.repeat(2 * 1024 * 1024) })).status).toBe(413);
	});
});

const batchRows = restOperations.filter(({ path }) => path.startsWith(`/api/admin/user-batches/${unknownId}`));

describe('an ID', () => {
	it.each(batchRows)('$method $path: returns 404 for an unknown one', async ({ method, path }) => {
		const reply = await api.request(method, path, { token, ...(method !== 'GET' && { body: { downloadKey: 'x' } }) });
		expect([reply.status, reply.body]).toEqual([404, message('Bulk action not found')]);
	});

	it.each(batchRows)('$method $path: returns 400 for an invalid one', async ({ method, path }) => {
		const reply = await api.request(method, path.replace(unknownId, 'nope'), { token });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(uuidIssue())]);
	});
});

describe('GET /admin/user-batches/{id}/items', () => {
	it.each(['outcome=great', 'after=-1', 'after=x', 'after=1.5', 'after=99999999999'])(
		'returns 400 for %s',
		async (query) => {
			const { id } = await batches.draft({ kind: 'delete', filter: {} });
			expect((await batches.call('GET', `/${id}/items?${query}`)).status).toBe(400);
		}
	);

	it('lists waiting items page by page', async () => {
		const ids = Array.from({ length: 120 }, () => crypto.randomUUID());
		const { id } = await batches.draft({ kind: 'delete', ids });
		const first = await batches.listItems(id, '?outcome=waiting');
		const second = await batches.listItems(id, `?after=${first.at(-1)?.position ?? ''}`);
		const third = await batches.listItems(id, `?after=${second.at(-1)?.position ?? ''}`);
		expect([...first, ...second, ...third].map(({ userId }) => userId)).toEqual(ids);
		expect(first).toHaveLength(50);
	});
});

describe('POST /admin/user-batches/{id}/start', () => {
	it('works once, even for two concurrent requests', async () => {
		const user = await api.accounts.makeUser();
		const { id } = await batches.draft({ kind: 'requireChange', ids: [user.id] });
		const replies = await Promise.all([1, 2, 3].map(() => batches.call('POST', `/${id}/start`)));
		expect(replies.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
		expect(replies.find(({ status }) => status === 200)?.body).toEqual({ downloadKey: null });
		expect(await batches.finish(id)).toMatchObject({ done: 1, startedAt: anyIso, finishedAt: anyIso });
		const again = await batches.call('POST', `/${id}/start`);
		expect([again.status, again.body]).toEqual([400, message('Already started')]);
	});

	it('by another admin makes that admin the author', async () => {
		const user = await api.accounts.makeUser();
		const { id } = await batches.draft({ kind: 'delete', ids: [admin.id, user.id] });
		const other = await api.accounts.signInAdmin();
		const others = new Batches(api, other.token);
		await others.start(id);
		expect(await others.finish(id)).toMatchObject({ createdBy: other.user.id, done: 2 });
		expect((await api.accounts.findUser(admin.id)).status).toBe('deleted');
	});
});

describe('an author who is', () => {
	it.each([
		['demoted', { isAdmin: false }],
		['deleted', { status: 'deleted', deletedAt: new Date() }]
	])('%s before the end: the rest fails', async (_, change) => {
		const users = await Promise.all(Array.from({ length: 60 }, () => api.accounts.makeUser()));
		const second = new Batches(api, (await api.accounts.signInAdmin()).token);
		const { id } = await batches.draft({ kind: 'resetPassword', ids: users.map((user) => user.id) });
		await batches.start(id);
		await api.prisma.user.update({ where: { id: admin.id }, data: change });
		const batch = await second.finish(id);
		expect(batch.failed).toBeGreaterThan(0);
		expect(batch).toMatchObject({ done: 60 - batch.failed, skipped: 0, waiting: 0 });
		const failed = await second.listItems(id, '?outcome=failed');
		expect(new Set(failed.map(({ reason }) => reason))).toEqual(
			new Set(['The user who started this is no longer an administrator'])
		);
		for (const { userId } of failed) {
			const user = users.find((made) => made.id === userId);
			expect(await api.accounts.findUser(userId ?? '')).toEqual(user);
		}
		// Another admin can retry it.
		expect(await second.draftRetry(id)).toMatchObject({ total: batch.failed, waiting: batch.failed });
	});
});

describe('DELETE /admin/user-batches/{id}', () => {
	it('returns 204 and deletes drafts and finished ones with their items', async () => {
		const draft = await batches.draft({ kind: 'delete', ids: [unknownId] });
		const { batch: finished } = await batches.run({ kind: 'delete', ids: [unknownId] });
		for (const { id } of [draft, finished]) {
			expect((await batches.call('DELETE', `/${id}`)).status).toBe(204);
			expect((await batches.call('GET', `/${id}`)).status).toBe(404);
		}
		expect(await api.prisma.userBatchItem.count()).toBe(0);
	});

	it('returns 400 while it runs', async () => {
		const users = await Promise.all(Array.from({ length: 24 }, () => api.accounts.makeUser()));
		const { id } = await batches.draft({ kind: 'resetPassword', ids: users.map((user) => user.id) });
		await batches.start(id);
		const reply = await batches.call('DELETE', `/${id}`);
		expect([reply.status, reply.body]).toEqual([400, message('This is still running')]);
		expect(await batches.finish(id)).toMatchObject({ done: 24 });
	});
});

describe('GET /admin/user-batches/{id}/result', () => {
	it('returns 200 with each outcome, safe to open in a spreadsheet', async () => {
		const user = await api.accounts.makeUser({ name: '=HYPERLINK("http://evil.test","Click, me")' });
		const { batch } = await batches.run({ kind: 'delete', ids: [user.id, admin.id, unknownId] });
		const reply = await batches.call('GET', `/${batch.id}/result`);
		expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8');
		expect(reply.headers['content-disposition']).toBe('attachment; filename="delete-result.csv"');
		expect(readCsv(reply.text)).toEqual([
			{
				line: '1',
				email: user.email,
				name: `'=HYPERLINK("http://evil.test","Click, me")`,
				outcome: 'done',
				reason: '',
				userId: user.id
			},
			expect.objectContaining({ line: '2', outcome: 'failed', reason: 'You cannot delete your own account' }),
			expect.objectContaining({ line: '3', email: '', outcome: 'failed', userId: unknownId })
		]);
	});

	it('contains all of 2,500', async () => {
		const ids = Array.from({ length: 2_500 }, () => crypto.randomUUID());
		const { id } = await batches.draft({ kind: 'delete', ids });
		const rows = readCsv((await batches.call('GET', `/${id}/result`)).text);
		expect(rows.map(({ userId }) => userId)).toEqual(ids);
		expect(new Set(rows.map(({ outcome }) => outcome))).toEqual(new Set(['waiting']));
	});
});

describe('an old bulk action', () => {
	it('is deleted after 30 days, but never while it runs', async () => {
		const old = await batches.draft({ kind: 'delete', ids: [unknownId] });
		const recent = await batches.draft({ kind: 'delete', ids: [unknownId] });
		const running = await batches.draft({ kind: 'delete', ids: [unknownId] });
		const createdAt = new Date(Date.now() - 31 * dayMs);
		await api.prisma.userBatch.updateMany({ where: { id: { in: [old.id, running.id] } }, data: { createdAt } });
		await api.prisma.userBatch.update({ where: { id: running.id }, data: { startedAt: createdAt } });
		await batches.draft({ kind: 'delete', ids: [unknownId] });
		expect((await batches.call('GET', `/${old.id}`)).status).toBe(404);
		expect((await batches.get(recent.id)).state).toBe('draft');
		expect((await batches.finish(running.id)).failed).toBe(1);
	});
});
