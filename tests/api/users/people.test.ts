import { beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { message, userShape, uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const unknownId = '00000000-0000-4000-a000-000000000000';
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

describe('GET /users', () => {
	beforeEach(() => api.reset());

	it('returns 200 with users who are not deleted, newest first, with every public field', async () => {
		const first = await api.accounts.makeAdmin({ createdAt: at(1) });
		await api.accounts.makeUser({ createdAt: at(2), deletedAt: new Date(), status: 'deleted' });
		const { user: second, token } = await api.accounts.signIn({ createdAt: at(3) });
		const reply = await api.request('GET', '/api/users', { token });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual([second, first].map(({ id, email, name }) => userShape({ id, email, name })));
	});
});

describe('GET /users/{id}', () => {
	it('returns 200 with the public fields only', async () => {
		const { token } = await api.accounts.signIn();
		const { id, email, name } = await api.accounts.makeAdmin({ quotaSizeInBytes: 5n, storageLabel: 'secret' });
		const reply = await api.request('GET', `/api/users/${id}`, { token });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual(userShape({ id, email, name }));
	});

	it('returns 400 User not found for an unknown and for a deleted user', async () => {
		const { token } = await api.accounts.signIn();
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		for (const id of [unknownId, deleted.id]) {
			const reply = await api.request('GET', `/api/users/${id}`, { token });
			expect(reply.status).toBe(400);
			expect(reply.body).toEqual(message('User not found'));
		}
	});

	it.each(['nope', '00000000-0000-1000-a000-000000000000', `${unknownId}x`, '..%2fme', "'%20OR%201=1"])(
		'returns 400 for the ID %s',
		async (id) => {
			const { token } = await api.accounts.signIn();
			const reply = await api.request('GET', `/api/users/${id}`, { token });
			expect(reply.status).toBe(400);
			expect(reply.body).toEqual(validationFailed(uuidIssue()));
		}
	);

	it('returns 200 for an uppercase ID', async () => {
		const { user, token } = await api.accounts.signIn();
		const { body } = await api.request('GET', `/api/users/${user.id.toUpperCase()}`, { token });
		expect(body).toMatchObject({ id: user.id });
	});
});

describe('GET /users with public users off', () => {
	const hidden = useApi({
		prepare: async ({ prisma }) => {
			await prisma.systemMetadata.create({ data: { key: 'system-config', value: { server: { publicUsers: false } } } });
		}
	});

	it('returns everyone to admins, and only themselves to users', async () => {
		const { user: admin, token: adminToken } = await hidden.accounts.signInAdmin({ createdAt: at(1) });
		const { user, token } = await hidden.accounts.signIn({ createdAt: at(2) });
		const list = async (by: string) => (await hidden.request('GET', '/api/users', { token: by })).body;
		expect(await list(token)).toEqual([userShape({ id: user.id })]);
		expect(await list(adminToken)).toEqual([userShape({ id: user.id }), userShape({ id: admin.id })]);
	});

	it('returns other users by ID without their email, except to admins', async () => {
		const { user: admin, token: adminToken } = await hidden.accounts.signInAdmin();
		const { user, token } = await hidden.accounts.signIn();
		const emailAt = async (id: string, by: string) => {
			const { status, body } = await hidden.request('GET', `/api/users/${id}`, { token: by });
			return [status, (body as { email: string }).email];
		};
		expect(await emailAt(admin.id, token)).toEqual([200, '']);
		expect(await emailAt(user.id, token)).toEqual([200, user.email]);
		expect(await emailAt(user.id, adminToken)).toEqual([200, user.email]);
	});
});
