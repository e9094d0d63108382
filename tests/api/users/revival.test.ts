import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';

const api = useApi();
const Session = z.object({ token: z.string() });
const deleted = { deletedAt: new Date(), status: 'deleted' };

/** Everything a user can be signed in with. */
async function makeSignedIn() {
	const { user, token } = await api.accounts.signIn();
	const reply = await api.request('POST', '/api/sessions', { token, body: {} });
	const apiKey = await api.accounts.makeApiKey(user.id);
	return { user, credentials: [{ token }, { token: Session.parse(reply.body).token }, { apiKey }] };
}

const statuses = async (credentials: object[]) =>
	Promise.all(credentials.map(async (sent) => (await api.request('GET', '/api/users/me', sent)).status));

/** Every operation that soft-deletes or restores a user. */
const deletions = {
	'DELETE /admin/users/{id}': async (token: string, id: string) => {
		expect((await api.request('DELETE', `/api/admin/users/${id}`, { token, body: {} })).status).toBe(200);
	},
	'a batch': async (token: string, id: string) => {
		await new Batches(api, token).run({ kind: 'delete', ids: [id] });
	},
	'Immich, which leaves sessions and keys': async (_: string, id: string) => {
		await api.prisma.user.update({ where: { id }, data: deleted });
	}
};
const restorations = {
	'POST …/restore': async (token: string, id: string) => {
		expect((await api.request('POST', `/api/admin/users/${id}/restore`, { token })).status).toBe(200);
	},
	'a batch': async (token: string, id: string) => {
		await new Batches(api, token).run({ kind: 'restore', ids: [id] });
	}
};

describe.each(Object.entries(deletions))('a user deleted by %s', (_, remove) => {
	it.each(Object.entries(restorations))('and restored by %s has to sign in again everywhere', async (__, restore) => {
		const admin = await api.accounts.signInAdmin();
		const { user, credentials } = await makeSignedIn();
		const bystander = await makeSignedIn();
		expect(await statuses(credentials)).toEqual([200, 200, 200]);
		await remove(admin.token, user.id);
		expect(await statuses(credentials)).toEqual([401, 401, 401]);
		await restore(admin.token, user.id);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ deletedAt: null, status: 'active' });
		expect(await statuses(credentials)).toEqual([401, 401, 401]);
		expect(await statuses(bystander.credentials)).toEqual([200, 200, 200]);
	});
});

it.each(['DELETE /admin/users/{id}', 'a batch'] as const)('%s leaves no session and no key', async (way) => {
	const admin = await api.accounts.signInAdmin();
	const { user } = await makeSignedIn();
	await deletions[way](admin.token, user.id);
	expect(await api.accounts.countSessions(user.id)).toBe(0);
	expect(await api.prisma.apiKey.count({ where: { userId: user.id } })).toBe(0);
});
