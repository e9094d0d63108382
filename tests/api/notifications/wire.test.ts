import { describe, expect, it } from 'vitest';
import { longestNotificationList } from '#lib/contract/notifications/notification.ts';
import { useApi } from '#tests/support/api.ts';
import { Notifications } from '#tests/support/notifications.ts';
import { unknownId } from '#tests/support/operations.ts';
import { anyIso, anyUuid, message, uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const notifications = new Notifications(api);
const { call, list, make, find } = bound(notifications);
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const dateIssue = (path: string, received: string) =>
	expect.objectContaining({
		path: [path],
		message: `Invalid input: expected ISO 8601 datetime string, received ${received}`
	}) as object;

function bound(of: Notifications) {
	return {
		call: of.call.bind(of),
		list: of.list.bind(of),
		make: of.make.bind(of),
		find: of.find.bind(of)
	};
}

describe('GET /notifications', () => {
	it("returns 200 with the caller's live ones, newest first, with only the fields that are set", async () => {
		const { user, token } = await api.accounts.signIn();
		const stranger = await api.accounts.makeUser();
		await make(stranger.id);
		await make(user.id, { deletedAt: new Date() });
		const older = { title: 'Older', description: 'With all', level: 'error', type: 'JobFailed', data: { a: [1] } };
		await make(user.id, { ...older, readAt: new Date(), createdAt: ago(5) });
		await make(user.id, { title: 'Newer' });
		const reply = await call('GET', '', token);
		expect([reply.status, reply.body]).toEqual([
			200,
			[
				{ id: anyUuid, createdAt: anyIso, level: 'info', type: 'Custom', title: 'Newer' },
				{ id: anyUuid, createdAt: anyIso, ...older, readAt: anyIso }
			]
		]);
	});

	it('filters by ID, level, type and unread state, and by combinations', async () => {
		const { user, token } = await api.accounts.signIn();
		const id = await make(user.id, { title: 'A', level: 'error', createdAt: ago(3) });
		await make(user.id, { title: 'B', type: 'SystemMessage', readAt: new Date(), createdAt: ago(2) });
		await make(user.id, { title: 'C', level: 'error', type: 'SystemMessage', createdAt: ago(1) });
		const titles = (query: string) => notifications.titles(token, query);
		expect(await titles(`?id=${id}`)).toEqual(['A']);
		expect(await titles('?level=error')).toEqual(['C', 'A']);
		expect(await titles('?type=SystemMessage')).toEqual(['C', 'B']);
		expect(await titles('?unread=true')).toEqual(['C', 'A']);
		expect(await titles('?unread=false')).toEqual(['C', 'B', 'A']);
		expect(await titles('?level=error&type=SystemMessage&unread=true')).toEqual(['C']);
		expect(await titles(`?id=${unknownId}`)).toEqual([]);
	});

	it("does not return another user's notification by ID", async () => {
		const { token } = await api.accounts.signIn();
		const id = await make((await api.accounts.makeUser()).id);
		expect(await list(token, `?id=${id}`)).toEqual([]);
	});

	it.each(['id=5', 'level=loud', 'type=Letter', 'unread=perhaps'])('returns 400 for %s', async (query) => {
		const { token } = await api.accounts.signIn();
		const reply = await call('GET', `?${query}`, token);
		expect([reply.status, reply.body]).toEqual([400, expect.objectContaining(message('Validation failed'))]);
	});

	it('is limited', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.pool.query(
			`INSERT INTO notification ("userId", "type", "title", "createdAt")
			SELECT $1, 'Custom', 'Number ' || n, now() - n * interval '1 second' FROM generate_series(1, 600) AS n`,
			[user.id]
		);
		const found = await list(token);
		expect([found.length, found[0]?.title]).toEqual([longestNotificationList, 'Number 1']);
	});

	it('replaces values from other programs with those clients know', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.pool.query(
			`INSERT INTO notification ("userId", "title", "level", "data") VALUES ($1, 'x', 'shrill', '[1]')`,
			[user.id]
		);
		expect(await list(token)).toEqual([{ id: anyUuid, createdAt: anyIso, level: 'info', type: 'Custom', title: 'x' }]);
	});
});

describe('GET /notifications/{id}', () => {
	it('returns 200 for a live one', async () => {
		const { user, token } = await api.accounts.signIn();
		const id = await make(user.id);
		const reply = await call('GET', `/${id}`, token);
		expect([reply.status, reply.body]).toEqual([200, expect.objectContaining({ id, title: 'Hello' })]);
	});

	it('returns 200 for a key with only that permission', async () => {
		const { user } = await api.accounts.signIn();
		const id = await make(user.id);
		const apiKey = await api.accounts.makeApiKey(user.id, ['notification.read']);
		expect((await api.request('GET', `/api/notifications/${id}`, { apiKey })).status).toBe(200);
	});
});

const ways = [
	['GET', 'read', undefined],
	['PUT', 'update', { readAt: null }],
	['DELETE', 'delete', undefined]
] as const;

describe.each(ways)('%s /notifications/{id}', (method, action, body) => {
	const refusal = [400, message(`Not found or no notification.${action} access`)];

	it("returns 400 for another user's, even to an admin; for an unknown one; for a deleted one unless deleted again", async () => {
		const { user, token } = await api.accounts.signIn();
		const admin = await api.accounts.signInAdmin();
		const [foreign, deleted] = [await make(admin.user.id), await make(user.id, { deletedAt: new Date() })];
		for (const id of [foreign, unknownId, ...(method === 'DELETE' ? [] : [deleted])]) {
			const reply = await call(method, `/${id}`, token, body);
			expect([reply.status, reply.body]).toEqual(refusal);
		}
		const own = await make(user.id);
		const reply = await call(method, `/${own}`, admin.token, body);
		expect([reply.status, reply.body]).toEqual(refusal);
		expect(await find(own)).toMatchObject({ readAt: null, deletedAt: null });
		expect(await find(foreign)).toMatchObject({ readAt: null, deletedAt: null });
	});

	it('returns 400 for an invalid ID', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await call(method, '/nonsense', token, body);
		expect([reply.status, reply.body]).toEqual([400, validationFailed(uuidIssue())]);
	});
});

describe('PUT /notifications/{id}', () => {
	it('returns 200 and marks as read at the given time, and as unread', async () => {
		const { user, token } = await api.accounts.signIn();
		const id = await make(user.id);
		const readAt = '2026-07-21T10:00:00.000Z';
		const read = await call('PUT', `/${id}`, token, { readAt });
		expect([read.status, read.body]).toEqual([200, expect.objectContaining({ id, readAt })]);
		const unread = await call('PUT', `/${id}`, token, { readAt: null });
		expect([unread.status, unread.body]).toEqual([200, expect.not.objectContaining({ readAt: anyIso })]);
		expect(await find(id)).toMatchObject({ readAt: null });
	});

	it('returns 200 and changes nothing for an empty body', async () => {
		const { user, token } = await api.accounts.signIn();
		const id = await make(user.id, { readAt: new Date() });
		const before = await find(id);
		expect((await call('PUT', `/${id}`, token, {})).status).toBe(200);
		expect(await find(id)).toEqual(before);
	});

	it.each([
		[5, 'number'],
		['yesterday', 'string'],
		[true, 'boolean'],
		['x'.repeat(10_000), 'string']
	])('returns 400 for %j', async (readAt, received) => {
		const { user, token } = await api.accounts.signIn();
		const reply = await call('PUT', `/${await make(user.id)}`, token, { readAt });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(dateIssue('readAt', received))]);
	});

	it('returns 400 for a year the database cannot store', async () => {
		const { user, token } = await api.accounts.signIn();
		const reply = await call('PUT', `/${await make(user.id)}`, token, { readAt: '0000-01-01T00:00:00.000Z' });
		expect(reply.status).toBe(400);
	});
});

describe('PUT /notifications', () => {
	it('returns 204 and marks several, even with duplicate IDs', async () => {
		const { user, token } = await api.accounts.signIn();
		const ids = [await make(user.id), await make(user.id)];
		const other = await make(user.id);
		const readAt = '2026-07-21T10:00:00.000Z';
		const reply = await call('PUT', '', token, { ids: [...ids, ...ids], readAt });
		expect([reply.status, reply.text]).toEqual([204, '']);
		for (const id of ids) expect(await find(id)).toMatchObject({ readAt: new Date(readAt) });
		expect(await find(other)).toMatchObject({ readAt: null });
		expect((await call('PUT', '', token, { ids })).status).toBe(204);
		expect(await notifications.titles(token, '?unread=true')).toHaveLength(1);
		await call('PUT', '', token, { ids, readAt: null });
		expect(await notifications.titles(token, '?unread=true')).toHaveLength(3);
	});

	it("returns 400 and changes none if one is another user's", async () => {
		const { user, token } = await api.accounts.signIn();
		const own = await make(user.id);
		const foreign = await make((await api.accounts.makeUser()).id);
		const reply = await call('PUT', '', token, { ids: [own, foreign], readAt: new Date().toISOString() });
		expect([reply.status, reply.body]).toEqual([400, message('Not found or no notification.update access')]);
		expect([await find(own), await find(foreign)]).toMatchObject([{ readAt: null }, { readAt: null }]);
	});
});

describe('DELETE /notifications', () => {
	it('returns 204 and deletes several, keeping their rows for a while', async () => {
		const { user, token } = await api.accounts.signIn();
		const ids = [await make(user.id), await make(user.id)];
		await make(user.id, { title: 'Kept' });
		expect((await call('DELETE', '', token, { ids })).status).toBe(204);
		expect(await notifications.titles(token)).toEqual(['Kept']);
		for (const id of ids) expect((await find(id))?.deletedAt).toBeInstanceOf(Date);
		expect((await call('DELETE', '', token, { ids })).status).toBe(204);
	});

	it("returns 400 and deletes none if one is another user's", async () => {
		const { user, token } = await api.accounts.signIn();
		const own = await make(user.id);
		const foreign = await make((await api.accounts.makeUser()).id);
		const reply = await call('DELETE', '', token, { ids: [own, foreign] });
		expect(reply.status).toBe(400);
		expect([await find(own), await find(foreign)]).toMatchObject([{ deletedAt: null }, { deletedAt: null }]);
	});
});

describe.each(['PUT', 'DELETE'])('%s /notifications', (method) => {
	it.each([[{}], [{ ids: [] }], [{ ids: unknownId }], [{ ids: ['x'] }], [{ ids: [5] }], [{ ids: [null] }], [[]]])(
		'returns 400 for %j',
		async (body) => {
			const { token } = await api.accounts.signIn();
			const reply = await call(method, '', token, body);
			expect([reply.status, reply.body]).toEqual([400, expect.objectContaining(message('Validation failed'))]);
		}
	);

	it('accepts as many IDs as fit in a body', async () => {
		const { token } = await api.accounts.signIn();
		const ids = Array.from({ length: 1_600 }, () => unknownId);
		expect((await call(method, '', token, { ids })).status).toBe(400);
		expect((await call(method, '', token, { ids: [...ids, ...ids] })).status).toBe(413);
	});
});

describe('POST /notifications/read-all', () => {
	it('returns 204 and marks all up to the given time, of the caller only', async () => {
		const { user, token } = await api.accounts.signIn();
		const foreign = await make((await api.accounts.makeUser()).id, { createdAt: ago(9) });
		const readBefore = await make(user.id, { readAt: ago(8), createdAt: ago(9) });
		await make(user.id, { title: 'Seen', createdAt: ago(5) });
		await make(user.id, { title: 'Later', createdAt: ago(1) });
		const until = ago(3).toISOString();
		expect((await call('POST', '/read-all', token, { until })).status).toBe(204);
		expect(await notifications.titles(token, '?unread=true')).toEqual(['Later']);
		expect((await call('POST', '/read-all', token)).status).toBe(204);
		expect(await notifications.titles(token, '?unread=true')).toEqual([]);
		expect(await find(foreign)).toMatchObject({ readAt: null });
		expect((await find(readBefore))?.readAt?.getTime()).toBeLessThan(ago(7).getTime());
	});

	it('returns 400 for an invalid date', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await call('POST', '/read-all', token, { until: 5 });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(dateIssue('until', 'number'))]);
	});
});

describe('DELETE /notifications/read', () => {
	it('returns 204 and deletes read ones, of the caller only', async () => {
		const { user, token } = await api.accounts.signIn();
		const foreign = await make((await api.accounts.makeUser()).id, { readAt: new Date() });
		await make(user.id, { title: 'Read', readAt: new Date() });
		await make(user.id, { title: 'Unread' });
		expect((await call('DELETE', '/read', token)).status).toBe(204);
		expect(await notifications.titles(token)).toEqual(['Unread']);
		expect(await find(foreign)).toMatchObject({ deletedAt: null });
	});
});
