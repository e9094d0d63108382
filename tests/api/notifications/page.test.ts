import { describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import { Notifications } from '#tests/support/notifications.ts';

const api = useApi();
const notifications = new Notifications(api);
const page = '/account/notifications';
const post = (token: string, action: string, form: Readonly<Record<string, string>>) =>
	api.submit(`${page}?/${action}`, form, buildCookie(token));

describe('the bell', () => {
	const findBell = async (token: string) =>
		/aria-label="(Notifications[^"]*)"/.exec(await openPage(api, '/account/profile', token))?.[1];

	it('shows the number of unread notifications, up to nine', async () => {
		const { user, token } = await api.accounts.signIn();
		await notifications.make((await api.accounts.makeUser()).id);
		await notifications.make(user.id, { readAt: new Date() });
		await notifications.make(user.id, { deletedAt: new Date() });
		expect(await findBell(token)).toBe('Notifications');
		for (let count = 1; count <= 9; count++) await notifications.make(user.id);
		expect(await findBell(token)).toBe('Notifications, 9 unread');
		await notifications.make(user.id);
		expect(await findBell(token)).toBe('Notifications, more than 9 unread');
	});
});

describe('the notifications page', () => {
	it('explains an empty list', async () => {
		const { user, token } = await api.accounts.signIn();
		expect(await openPage(api, page, token)).toContain('No notifications');
		await notifications.make(user.id, { readAt: new Date() });
		expect(await openPage(api, `${page}?show=unread`, token)).toContain('Nothing unread');
		expect(await openPage(api, `${page}?show=nonsense`, token)).toContain('Hello');
	});

	it('escapes text sent by users', async () => {
		const { user, token } = await api.accounts.signIn();
		const text = '<script>alert(1)</script>';
		await notifications.make(user.id, { title: text, description: text, type: 'SystemMessage', data: { about: text } });
		const served = await openPage(api, page, token);
		expect(served).toContain('&lt;script>alert(1)');
		expect(served).not.toContain('<script>alert(1)');
	});

	it('pages through many, each once, and returns to the first page', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.pool.query(
			`INSERT INTO notification ("userId", "type", "title", "createdAt", "readAt")
			SELECT $1, 'Custom', 'Number ' || n || '.', now() - (n / 3) * interval '1 minute', CASE WHEN n % 2 = 0 THEN now() END
			FROM generate_series(1, 50) AS n`,
			[user.id]
		);
		const seen: string[] = [];
		let query = '';
		for (const size of [20, 20, 10]) {
			const found = namesIn(await openPage(api, page + query, token));
			expect(found).toHaveLength(size);
			seen.push(...found);
			query = `?after=${/[?&]after=([\w-]+)[^>]*rel="next"/.exec(await openPage(api, page + query, token))?.[1] ?? 'none'}`;
		}
		expect(new Set(seen).size).toBe(50);
		expect(await openPage(api, `${page}?before=end`, token)).toContain('31–50 of 50');
		expect(await openPage(api, `${page}?after=nonsense`, token)).toContain('1–20 of 50');
		expect(await openPage(api, `${page}?show=unread`, token)).toContain('1–20 of 25');
	});

	it('marks one as read and unread, and returns to the same position', async () => {
		const { user, token } = await api.accounts.signIn();
		const notification = await notifications.make(user.id);
		const form = { notification, isRead: 'true' };
		const reply = await api.submit(`${page}?/mark&show=unread&after=abc`, form, buildCookie(token));
		expect([reply.status, reply.headers.location]).toEqual([303, `${page}?show=unread&after=abc`]);
		expect((await notifications.find(notification))?.readAt).toBeInstanceOf(Date);
		const back = await fillIn(api, page, token, { by: { action: '?/mark' } });
		expect([back.status, back.headers.location]).toEqual([303, page]);
		expect((await notifications.find(notification))?.readAt).toBeNull();
	});

	it('deletes one', async () => {
		const { user, token } = await api.accounts.signIn();
		const notification = await notifications.make(user.id);
		const reply = await fillIn(api, page, token, { by: { action: '?/delete' } });
		expect([reply.status, reply.headers.location]).toEqual([303, page]);
		expect((await notifications.find(notification))?.deletedAt).toBeInstanceOf(Date);
	});

	it('marks all as read that existed when it was opened', async () => {
		const { user, token } = await api.accounts.signIn();
		await notifications.make(user.id, { title: 'Seen' });
		await notifications.make(user.id, { title: 'Came later', createdAt: new Date(Date.now() + 60_000) });
		const reply = await fillIn(api, page, token, { by: { action: '?/readAll' } });
		expect([reply.status, reply.headers.location]).toEqual([303, page]);
		expect(await notifications.titles(token, '?unread=true')).toEqual(['Came later']);
	});

	it('deletes all read notifications', async () => {
		const { user, token } = await api.accounts.signIn();
		await notifications.make(user.id, { title: 'Read', readAt: new Date() });
		await notifications.make(user.id, { title: 'Unread' });
		expect((await fillIn(api, page, token, { by: { action: '?/deleteRead' } })).status).toBe(303);
		expect(await notifications.titles(token)).toEqual(['Unread']);
	});

	it('rejects notifications of other users and invalid IDs', async () => {
		const { token } = await api.accounts.signIn();
		const foreign = await notifications.make((await api.accounts.makeUser()).id);
		for (const notification of [foreign, 'nonsense', '']) {
			expect((await post(token, 'mark', { notification, isRead: 'true' })).status).toBe(400);
			expect((await post(token, 'delete', { notification })).status).toBe(400);
		}
		expect((await post(token, 'readAll', { until: 'x'.repeat(10_000) })).status).toBe(400);
		expect(await notifications.find(foreign)).toMatchObject({ readAt: null, deletedAt: null });
	});
});

describe('the message form', () => {
	const getForm = (id: string) => `/admin/users/${id}/message`;
	const by = { field: 'description' };

	it('sends a message', async () => {
		const { token } = await api.accounts.signInAdmin();
		const person = await api.accounts.signIn();
		const changes = { title: ' Welcome ', description: 'Line\r\nline', level: 'success' };
		const reply = await fillIn(api, getForm(person.user.id), token, { by, changes });
		expect([reply.status, reply.headers.location]).toEqual([303, `/admin/users/${person.user.id}`]);
		expect(await notifications.list(person.token)).toMatchObject([
			{ title: 'Welcome', level: 'success', type: 'Custom' }
		]);
	});

	it('requires a title and keeps the other input', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser();
		const reply = await fillIn(api, getForm(id), token, { by, changes: { title: ' ', description: 'Kept text' } });
		expect(reply.status).toBe(400);
		for (const part of ['Enter a title', 'Kept text']) expect(reply.text).toContain(part);
		expect(await notifications.listReceived(id)).toEqual([]);
	});

	it('is unavailable to other users and for a deleted user', async () => {
		const admin = await api.accounts.signInAdmin();
		const { user, token } = await api.accounts.signIn();
		const form = { user: user.id, title: 'Hi', description: '', level: 'info' };
		expect((await api.submit(getForm(user.id), form, buildCookie(token))).status).toBe(403);
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		expect(await openPage(api, getForm(deleted.id), admin.token)).toContain('This account is deleted');
		const reply = await api.submit(getForm(deleted.id), { ...form, user: deleted.id }, buildCookie(admin.token));
		expect(reply.status).toBe(400);
		expect(await notifications.listReceived(deleted.id)).toEqual([]);
	});
});

/** Returns the titles in a page, in order. */
const namesIn = (text: string): string[] => [
	...new Set([...text.matchAll(/Number \d+\.(?=<)/g)].map(([name]) => name))
];
