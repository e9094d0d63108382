import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { Notifications } from '#tests/support/notifications.ts';
import { unknownId } from '#tests/support/operations.ts';
import { anyIso, anyUuid, message, stringIssue, uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();

describe('POST /admin/notifications', () => {
	const send = (token: string, body: unknown) => api.request('POST', '/api/admin/notifications', { token, body });

	it('returns 201 with minimal and with all fields, and the user can read them', async () => {
		const { token } = await api.accounts.signInAdmin();
		const person = await api.accounts.signIn();
		const userId = person.user.id;
		const least = await send(token, { userId, title: 'Hi' });
		expect([least.status, least.body]).toEqual([
			201,
			{ id: anyUuid, createdAt: anyIso, level: 'info', type: 'Custom', title: 'Hi' }
		]);
		const all = {
			title: 'T',
			description: 'D',
			level: 'warning',
			type: 'BackupFailed',
			data: { albumId: 'x', n: null }
		};
		const full = await send(token, { userId, ...all, readAt: new Date().toISOString() });
		expect([full.status, full.body]).toEqual([201, { id: anyUuid, createdAt: anyIso, ...all }]);
		expect(await new Notifications(api).list(person.token)).toEqual([full.body, least.body]);
	});

	it('stores no text for null, and long texts unchanged', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const long = `<b>é${'x'.repeat(10_000)}`;
		expect((await send(token, { userId: user.id, title: '', description: null })).status).toBe(201);
		const reply = await send(token, { userId: user.id, title: long, description: long, data: { [long]: long } });
		expect([reply.status, reply.body]).toEqual([201, expect.objectContaining({ title: long, description: long })]);
		for (const texts of [{ title: 'x'.repeat(20_001) }, { title: 'Hi', description: 'x'.repeat(20_001) }])
			expect((await send(token, { userId: user.id, ...texts })).status).toBe(400);
		expect((await send(token, { userId: user.id, title: 'x'.repeat(70_000) })).status).toBe(413);
	});

	it('returns 400 for an unknown or deleted user', async () => {
		const { token } = await api.accounts.signInAdmin();
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		for (const userId of [unknownId, deleted.id]) {
			const reply = await send(token, { userId, title: 'Hi' });
			expect([reply.status, reply.body]).toEqual([400, message('User not found')]);
		}
		expect(await api.prisma.notification.count({ where: { userId: deleted.id } })).toBe(0);
	});

	it('returns 400 with every issue', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await send(token, { userId: 'x' });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(stringIssue('title'), uuidIssue('userId'))]);
	});

	it.each([
		{ title: 5 },
		{ title: null },
		{ description: 5 },
		{ level: 'loud' },
		{ type: 'Letter' },
		{ data: 'text' },
		{ data: [1] },
		{ data: null },
		{ readAt: 5 }
	])('returns 400 for %j', async (wrong) => {
		const { user, token } = await api.accounts.signInAdmin();
		const reply = await send(token, { userId: user.id, title: 'Hi', ...wrong });
		expect([reply.status, reply.body]).toEqual([400, expect.objectContaining(message('Validation failed'))]);
	});

	it.each([100, 3_000, 9_000, 20_000])('returns 400 for data with %i nested objects', async (depth) => {
		const { user, token } = await api.accounts.signInAdmin();
		const data = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`.slice(0, 65_000);
		const raw = `{"userId":"${user.id}","title":"Hi","data":${data}}`;
		const headers = { 'content-type': 'application/json' };
		const reply = await api.request('POST', '/api/admin/notifications', { token, raw, headers });
		expect([400, 413]).toContain(reply.status);
	});

	it('is recorded without its text', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const person = await api.accounts.makeUser();
		await send(token, { userId: person.id, title: 'Between us', description: 'Quite' });
		const events = await api.prisma.auditEvent.findMany({ where: { subjectId: person.id } });
		expect(events).toMatchObject([{ action: 'notification.send', actorId: user.id, objectKind: 'notification' }]);
		expect(JSON.stringify(events, (_, value: unknown) => (typeof value === 'bigint' ? '' : value))).not.toMatch(
			/Between us|Quite/
		);
	});
});
