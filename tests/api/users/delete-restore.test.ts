import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import type { Sent } from '#tests/support/http.ts';
import { accountShape, anyIso, booleanIssue, message, uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const unknownId = '00000000-0000-4000-a000-000000000000';
const remove = async (id: string, sent: Sent = { body: {} }) => {
	const { token } = await api.accounts.signInAdmin();
	return api.request('DELETE', `/api/admin/users/${id}`, { token, ...sent });
};
const restore = async (id: string) => {
	const { token } = await api.accounts.signInAdmin();
	return api.request('POST', `/api/admin/users/${id}/restore`, { token });
};

describe('DELETE /admin/users/{id}', () => {
	it.each([
		['an empty object', { body: {} }],
		['force: false', { body: { force: false } }],
		['no body and no content type', {}]
	])('returns 200 and soft-deletes with %s', async (_, sent) => {
		const { id } = await api.accounts.makeUser();
		const reply = await remove(id, sent);
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual(accountShape({ id, status: 'deleted', deletedAt: anyIso }));
		expect(await api.accounts.findUser(id)).toMatchObject({ status: 'deleted' });
	});

	it('returns 200 with force and deletes the row with its sessions, keys, and metadata', async () => {
		const { user } = await api.accounts.signIn();
		await api.accounts.makeApiKey(user.id);
		await api.accounts.setPasswordState(user.id);
		await api.prisma.userMetadata.create({ data: { userId: user.id, key: 'onboarding', value: {} } });
		const reply = await remove(user.id, { body: { force: true } });
		expect(reply.body).toEqual(accountShape({ id: user.id, status: 'removing', deletedAt: anyIso }));
		const where = { userId: user.id };
		expect(await api.prisma.user.findUnique({ where: { id: user.id } })).toBeNull();
		expect(await api.accounts.countSessions(user.id)).toBe(0);
		expect(await api.prisma.apiKey.count({ where })).toBe(0);
		expect(await api.prisma.userMetadata.count({ where })).toBe(0);
		expect(await api.prisma.passwordState.count({ where })).toBe(0);
		expect(await api.prisma.clusterGroup.count({ where: { id: user.clusterGroupId } })).toBe(0);
		expect(await api.prisma.userAudit.count({ where })).toBe(1);
	});

	it('returns 200 with force for a user who is already deleted', async () => {
		const { id } = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		expect((await remove(id, { body: { force: true } })).status).toBe(200);
		expect(await api.prisma.user.count({ where: { id } })).toBe(0);
	});

	it('frees the email when forced', async () => {
		const { id, email } = await api.accounts.makeUser();
		await remove(id, { body: { force: true } });
		const { token } = await api.accounts.signInAdmin();
		const body = { email, password, name: 'Again' };
		expect((await api.request('POST', '/api/admin/users', { token, body })).status).toBe(201);
	});

	it('ends every session and API key of the user, and a restore brings none back', async () => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id);
		await remove(user.id);
		expect((await api.request('GET', '/api/users/me', { token })).body).toEqual(message('Invalid user token'));
		expect((await api.request('GET', '/api/users/me', { apiKey })).body).toEqual(message('Invalid API key'));
		const login = await api.request('POST', '/api/auth/login', { body: { email: user.email, password } });
		expect(login.body).toEqual(message('Incorrect email or password'));
		await restore(user.id);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(401);
		expect((await api.request('GET', '/api/users/me', { apiKey })).status).toBe(401);
		const again = await api.request('POST', '/api/auth/login', { body: { email: user.email, password } });
		expect(again.status).toBe(201);
	});

	it('returns 400 User not found for an unknown user, and for a deleted one without force', async () => {
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		for (const id of [unknownId, deleted.id]) {
			const reply = await remove(id);
			expect([reply.status, reply.body]).toEqual([400, message('User not found')]);
		}
	});

	it('returns 400 for an invalid ID and for a force that is not a boolean', async () => {
		expect((await remove('nope')).body).toEqual(validationFailed(uuidIssue()));
		const { id } = await api.accounts.makeUser();
		const reply = await remove(id, { body: { force: 'true' } });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(booleanIssue('force', 'string'))]);
	});

	it.each([false, true])('returns 403 for the caller’s own user, with force: %s', async (force) => {
		const { user, token } = await api.accounts.signInAdmin();
		const reply = await api.request('DELETE', `/api/admin/users/${user.id}`, { token, body: { force } });
		expect([reply.status, reply.body]).toEqual([403, message('Cannot delete your own account')]);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('deletes another admin', async () => {
		const { id } = await api.accounts.makeAdmin();
		expect((await remove(id)).status).toBe(200);
	});
});

describe('POST /admin/users/{id}/restore', () => {
	it('returns 200 with every field of the user, who is active again', async () => {
		const { id } = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		const reply = await restore(id);
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual(accountShape({ id }));
		expect(await api.accounts.findUser(id)).toMatchObject({ status: 'active', deletedAt: null });
	});

	it('returns 200 and writes nothing for an active user', async () => {
		const user = await api.accounts.makeUser();
		expect((await restore(user.id)).status).toBe(200);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('returns 400 User not found, and 400 for an invalid ID', async () => {
		expect((await restore(unknownId)).body).toEqual(message('User not found'));
		expect((await restore('nope')).body).toEqual(validationFailed(uuidIssue()));
	});
});
