import { describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import { unknownId } from '#tests/support/operations.ts';
import { message, uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const me = async (token: string) => (await api.request('GET', '/api/users/me', { token })).status;
const getPath = (id: string, below = '') => `/api/admin/users/${id}/sessions${below}`;
const getId = async (userId: string) =>
	(await api.prisma.session.findFirstOrThrow({ where: { userId }, orderBy: { createdAt: 'desc' } })).id;

describe('DELETE /admin/users/{id}/sessions/{sessionId}', () => {
	it('returns 204 and immediately ends it and its child sessions', async () => {
		const admin = await api.accounts.signInAdmin();
		const { user, token } = await api.accounts.signIn();
		const parentId = await getId(user.id);
		const other = await api.accounts.makeSession(user.id);
		const child = await api.accounts.makeSession(user.id, { parentId });
		const reply = await api.request('DELETE', getPath(user.id, `/${parentId}`), { token: admin.token });
		expect([reply.status, reply.text]).toEqual([204, '']);
		expect([await me(token), await me(child), await me(other)]).toEqual([401, 401, 200]);
	});

	it('returns 204 for a key with the permission', async () => {
		const { user } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey((await api.accounts.makeAdmin()).id, ['adminSession.delete']);
		const path = getPath(user.id, `/${await getId(user.id)}`);
		expect((await api.request('DELETE', path, { apiKey })).status).toBe(204);
	});

	it('returns 400 for another user’s session and for an unknown one', async () => {
		const admin = await api.accounts.signInAdmin();
		const [one, other] = [await api.accounts.signIn(), await api.accounts.signIn()];
		for (const id of [await getId(other.user.id), unknownId]) {
			const reply = await api.request('DELETE', getPath(one.user.id, `/${id}`), { token: admin.token });
			expect([reply.status, reply.body]).toEqual([400, message('Not found or no adminSession.delete access')]);
		}
		expect(await me(other.token)).toBe(200);
	});

	it('returns 400 for invalid IDs', async () => {
		const admin = await api.accounts.signInAdmin();
		const reply = await api.request('DELETE', getPath(unknownId, '/nonsense'), { token: admin.token });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(uuidIssue('sessionId'))]);
	});
});

describe('DELETE /admin/users/{id}/sessions', () => {
	it('returns 204 and ends all of them, also for a deleted user, and no one else’s', async () => {
		const admin = await api.accounts.signInAdmin();
		const bystander = await api.accounts.signIn();
		for (const deletedAt of [null, new Date()]) {
			const { user, token } = await api.accounts.signIn({ deletedAt });
			await api.accounts.makeSession(user.id);
			const apiKey = await api.accounts.makeApiKey(user.id);
			expect((await api.request('DELETE', getPath(user.id), { token: admin.token })).status).toBe(204);
			expect(await api.accounts.countSessions(user.id)).toBe(0);
			expect(await me(token)).toBe(401);
			const byKey = await api.request('GET', '/api/users/me', { apiKey });
			expect(byKey.status).toBe(deletedAt ? 401 : 200);
		}
		expect([await me(admin.token), await me(bystander.token)]).toEqual([200, 200]);
	});

	it('returns 204 and ends the admin’s own except the calling one, or all for an API key', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const other = await api.accounts.makeSession(user.id);
		expect((await api.request('DELETE', getPath(user.id), { token })).status).toBe(204);
		expect([await me(token), await me(other)]).toEqual([200, 401]);
		const apiKey = await api.accounts.makeApiKey(user.id, ['adminSession.delete']);
		expect((await api.request('DELETE', getPath(user.id), { apiKey })).status).toBe(204);
		expect(await me(token)).toBe(401);
	});

	it('returns 400 for an unknown user', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('DELETE', getPath(unknownId), { token });
		expect([reply.status, reply.body]).toEqual([400, message('User not found')]);
		expect((await api.request('DELETE', getPath('5'), { token })).status).toBe(400);
	});
});

describe('DELETE /admin/sessions', () => {
	it('returns 204 and ends everyone’s except the calling one, or all for an API key', async () => {
		const admin = await api.accounts.signInAdmin();
		const own = await api.accounts.makeSession(admin.user.id);
		const other = await api.accounts.signIn();
		expect((await api.request('DELETE', '/api/admin/sessions', { token: admin.token })).status).toBe(204);
		expect([await me(admin.token), await me(own), await me(other.token)]).toEqual([200, 401, 401]);
		expect(await api.prisma.session.count()).toBe(1);
		const apiKey = await api.accounts.makeApiKey(admin.user.id, ['adminSession.delete']);
		expect((await api.request('DELETE', '/api/admin/sessions', { apiKey })).status).toBe(204);
		expect(await me(admin.token)).toBe(401);
	});

	it('returns 403 for a key with all Immich permissions but not this one, and ends none', async () => {
		const { token, user } = await api.accounts.signInAdmin();
		const apiKey = await api.accounts.makeApiKey(user.id, ['adminSession.read', 'session.delete']);
		const reply = await api.request('DELETE', '/api/admin/sessions', { apiKey });
		expect([reply.status, reply.body]).toEqual([403, message('Missing required permission: adminSession.delete')]);
		expect(await me(token)).toBe(200);
	});
});

describe('the admin pages', () => {
	it('show the newest on the user’s page and all on their own page, and end them', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { user } = await api.accounts.signIn();
		for (let count = 0; count < 7; count++) await api.accounts.makeSession(user.id, { deviceType: `Thing ${count}.` });
		const text = await openPage(api, `/admin/users/${user.id}`, token);
		expect(text).toContain('All 8 sessions');
		expect(text.match(/action="\?\/endSession"/g)).toHaveLength(5);
		const session = await getId(user.id);
		const one = await api.submit(`/admin/users/${user.id}?/endSession`, { session }, buildCookie(token));
		expect([one.status, one.headers.location]).toEqual([303, `/admin/users/${user.id}`]);
		const below = `/admin/users/${user.id}/sessions`;
		const bystander = await api.accounts.signIn();
		const another = await getId(user.id);
		const foreign = await api.submit(`${below}?/end`, { session: await getId(bystander.user.id) }, buildCookie(token));
		expect(foreign.status).toBe(400);
		expect(await me(bystander.token)).toBe(200);
		const listed = await api.submit(`${below}?/end`, { session: another }, buildCookie(token));
		expect([listed.status, listed.headers.location]).toEqual([303, below]);
		expect(await api.prisma.session.findUnique({ where: { id: another } })).toBeNull();
		expect((await api.submit(`${below}?/end`, { session: another }, buildCookie(bystander.token))).status).toBe(403);
		expect(await openPage(api, below, token)).toContain('This signs out 6 devices');
		const all = await fillIn(api, below, token, { by: { action: '?/endAll' } });
		expect([all.status, all.headers.location]).toEqual([303, below]);
		expect(await api.accounts.countSessions(user.id)).toBe(0);
	});

	it('end everyone’s only after the confirmation is typed', async () => {
		const { token } = await api.accounts.signInAdmin();
		const other = await api.accounts.signIn();
		const fill = (confirmation: string) =>
			fillIn(api, '/admin/sessions/everyone', token, { by: { field: 'confirmation' }, changes: { confirmation } });
		expect(await openPage(api, '/admin/sessions/everyone', token)).toMatch(/This signs out \d+ devices? of \d+ user/);
		const refused = await fill('yes');
		expect(refused.status).toBe(400);
		expect(refused.text).toContain('Type ‘sign everyone out’ to confirm');
		expect(await me(other.token)).toBe(200);
		expect((await fill(' Sign everyone out ')).status).toBe(303);
		expect([await me(other.token), await me(token)]).toEqual([401, 200]);
		expect(await openPage(api, '/admin/sessions/everyone', token)).toContain('No one else is signed in');
	});
});
