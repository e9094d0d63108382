import { describe, expect, it } from 'vitest';
import { longestNotificationList } from '#lib/contract/notifications/notification.ts';
import { useApi } from '#tests/support/api.ts';
import { Notifications } from '#tests/support/notifications.ts';
import { unknownId } from '#tests/support/rows.ts';
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
	it('200 with one’s own that are not deleted, newest first, with just what is set', async () => {
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

	it('filters by id, level, type and what is unread, also together', async () => {
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

	it('filters no stranger’s in by its id', async () => {
		const { token } = await api.accounts.signIn();
		const id = await make((await api.accounts.makeUser()).id);
		expect(await list(token, `?id=${id}`)).toEqual([]);
	});

	it.each(['id=5', 'level=loud', 'type=Letter', 'unread=perhaps'])('400 for %s', async (query) => {
		const { token } = await api.accounts.signIn();
		const reply = await call('GET', `?${query}`, token);
		expect([reply.status, reply.body]).toEqual([400, expect.objectContaining(message('Validation failed'))]);
	});

	it('is bounded', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.pool.query(
			`INSERT INTO notification ("userId", "type", "title", "createdAt")
			SELECT $1, 'Custom', 'Number ' || n, now() - n * interval '1 second' FROM generate_series(1, 600) AS n`,
			[user.id]
		);
		const found = await list(token);
		expect([found.length, found[0]?.title]).toEqual([longestNotificationList, 'Number 1']);
	});

	it('shows what another program wrote in the words that clients know', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.pool.query(
			`INSERT INTO notification ("userId", "title", "level", "data") VALUES ($1, 'x', 'shrill', '[1]')`,
			[user.id]
		);
		expect(await list(token)).toEqual([{ id: anyUuid, createdAt: anyIso, level: 'info', type: 'Custom', title: 'x' }]);
	});
});

describe('GET /notifications/{id}', () => {
	it('200 for a live one', async () => {
		const { user, token } = await api.accounts.signIn();
		const id = await make(user.id);
		const reply = await call('GET', `/${id}`, token);
		expect([reply.status, reply.body]).toEqual([200, expect.objectContaining({ id, title: 'Hello' })]);
	});

	it('200 by a key with just that permission', async () => {
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

describe.each(ways)('%s /notifications/{id}', (method, deed, body) => {
	const refusal = [400, message(`Not found or no notification.${deed} access`)];

	it('400 for another’s, an administrator’s call included; for an unknown one; for a deleted one unless deleted again', async () => {
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

	it('400 for an id that is none', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await call(method, '/nonsense', token, body);
		expect([reply.status, reply.body]).toEqual([400, validationFailed(uuidIssue())]);
	});
});

describe('PUT /notifications/{id}', () => {
	it('200 marks as read at the moment given, and as unread', async () => {
		const { user, token } = await api.accounts.signIn();
		const id = await make(user.id);
		const readAt = '2026-07-21T10:00:00.000Z';
		const read = await call('PUT', `/${id}`, token, { readAt });
		expect([read.status, read.body]).toEqual([200, expect.objectContaining({ id, readAt })]);
		const unread = await call('PUT', `/${id}`, token, { readAt: null });
		expect([unread.status, unread.body]).toEqual([200, expect.not.objectContaining({ readAt: anyIso })]);
		expect(await find(id)).toMatchObject({ readAt: null });
	});

	it('200 changes nothing where nothing is given', async () => {
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
	])('400 for %j', async (readAt, received) => {
		const { user, token } = await api.accounts.signIn();
		const reply = await call('PUT', `/${await make(user.id)}`, token, { readAt });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(dateIssue('readAt', received))]);
	});

	it('400 for a year that no database holds', async () => {
		const { user, token } = await api.accounts.signIn();
		const reply = await call('PUT', `/${await make(user.id)}`, token, { readAt: '0000-01-01T00:00:00.000Z' });
		expect(reply.status).toBe(400);
	});
});

describe('PUT /notifications', () => {
	it('204 marks several, one that is named twice too', async () => {
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

	it('400 and none, where one of them is another’s', async () => {
		const { user, token } = await api.accounts.signIn();
		const own = await make(user.id);
		const foreign = await make((await api.accounts.makeUser()).id);
		const reply = await call('PUT', '', token, { ids: [own, foreign], readAt: new Date().toISOString() });
		expect([reply.status, reply.body]).toEqual([400, message('Not found or no notification.update access')]);
		expect([await find(own), await find(foreign)]).toMatchObject([{ readAt: null }, { readAt: null }]);
	});
});

describe('DELETE /notifications', () => {
	it('204 deletes several, whose rows stay for a while', async () => {
		const { user, token } = await api.accounts.signIn();
		const ids = [await make(user.id), await make(user.id)];
		await make(user.id, { title: 'Stays' });
		expect((await call('DELETE', '', token, { ids })).status).toBe(204);
		expect(await notifications.titles(token)).toEqual(['Stays']);
		for (const id of ids) expect((await find(id))?.deletedAt).toBeInstanceOf(Date);
		expect((await call('DELETE', '', token, { ids })).status).toBe(204);
	});

	it('400 and none, where one of them is another’s', async () => {
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
		'400 for %j',
		async (body) => {
			const { token } = await api.accounts.signIn();
			const reply = await call(method, '', token, body);
			expect([reply.status, reply.body]).toEqual([400, expect.objectContaining(message('Validation failed'))]);
		}
	);

	it('takes as many ids as a body holds', async () => {
		const { token } = await api.accounts.signIn();
		const ids = Array.from({ length: 1_600 }, () => unknownId);
		expect((await call(method, '', token, { ids })).status).toBe(400);
		expect((await call(method, '', token, { ids: [...ids, ...ids] })).status).toBe(413);
	});
});

describe('POST /notifications/read-all', () => {
	it('204 marks all that one was told until then, and nobody else’s', async () => {
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

	it('400 for no date', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await call('POST', '/read-all', token, { until: 5 });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(dateIssue('until', 'number'))]);
	});
});

describe('DELETE /notifications/read', () => {
	it('204 deletes what is read, and nobody else’s', async () => {
		const { user, token } = await api.accounts.signIn();
		const foreign = await make((await api.accounts.makeUser()).id, { readAt: new Date() });
		await make(user.id, { title: 'Read', readAt: new Date() });
		await make(user.id, { title: 'Unread' });
		expect((await call('DELETE', '/read', token)).status).toBe(204);
		expect(await notifications.titles(token)).toEqual(['Unread']);
		expect(await find(foreign)).toMatchObject({ deletedAt: null });
	});
});
