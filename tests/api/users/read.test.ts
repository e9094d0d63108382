import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { accountShape, anyIso, anyUuid, message, uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const unknownId = '00000000-0000-4000-a000-000000000000';

describe('GET /admin/users/{id}', () => {
	const read = async (id: string) => {
		const { token } = await api.accounts.signInAdmin();
		return api.request('GET', `/api/admin/users/${id}`, { token });
	};

	it('returns 200 with every field', async () => {
		const { id, email, name } = await api.accounts.makeUser();
		const reply = await read(id);
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual(accountShape({ id, email, name }));
	});

	it('returns 200 for a deleted user', async () => {
		const { id } = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		expect((await read(id)).body).toEqual(accountShape({ id, status: 'deleted', deletedAt: anyIso }));
	});

	it('returns 400 User not found, and 400 for an invalid ID', async () => {
		const unknown = await read(unknownId);
		expect([unknown.status, unknown.body]).toEqual([400, message('User not found')]);
		const bad = await read('nope');
		expect([bad.status, bad.body]).toEqual([400, validationFailed(uuidIssue())]);
	});
});

describe('GET /admin/users/{id}/sessions', () => {
	const list = (token: string, id: string) => api.request('GET', `/api/admin/users/${id}/sessions`, { token });
	const shape = (fields: object = {}) => ({
		id: anyUuid,
		createdAt: anyIso,
		updatedAt: anyIso,
		current: false,
		appVersion: null,
		deviceOS: '',
		deviceType: '',
		isPendingSyncReset: false,
		...fields
	});

	it('returns 200 with every field of unexpired sessions, most recently used first', async () => {
		const { token } = await api.accounts.signInAdmin();
		const user = await api.accounts.makeUser();
		const [soon, past] = [new Date(Date.now() + 60_000), new Date(Date.now() - 60_000)];
		await api.accounts.makeSession(user.id, { updatedAt: past });
		await api.accounts.makeSession(user.id, {
			deviceOS: 'Android',
			deviceType: 'Pixel',
			appVersion: '3',
			expiresAt: soon
		});
		await api.accounts.makeSession(user.id, { expiresAt: past });
		const reply = await list(token, user.id);
		expect(reply.status).toBe(200);
		const newest = { deviceOS: 'Android', deviceType: 'Pixel', appVersion: '3', expiresAt: soon.toISOString() };
		expect(reply.body).toEqual([shape(newest), shape()]);
	});

	it('returns 200 and an empty list for an unknown user', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await list(token, unknownId);
		expect([reply.status, reply.body]).toEqual([200, []]);
	});

	it('returns neither token nor its hash', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const { text } = await list(token, user.id);
		expect(text).not.toContain(token);
		expect(text).not.toMatch(/token|userId/i);
	});

	it('returns current: false for all, including the calling one', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		expect((await list(token, user.id)).body).toEqual([shape()]);
	});

	it('returns 400 for an invalid ID', async () => {
		const { token } = await api.accounts.signInAdmin();
		expect((await list(token, 'nope')).body).toEqual(validationFailed(uuidIssue()));
	});
});
