import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UserAdminResponseDto } from '#lib/contract/users/user.ts';
import { useApi } from '#tests/support/api.ts';
import { accountShape, anyIso, uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const list = (token: string, query = '') => api.request('GET', `/api/admin/users${query}`, { token });

describe('GET /admin/users', () => {
	beforeEach(() => api.reset());

	it('returns 200 with every field of users who are not deleted, newest first', async () => {
		const first = await api.accounts.makeUser({ createdAt: at(1) });
		await api.accounts.makeUser({ createdAt: at(2), deletedAt: at(9), status: 'deleted' });
		const { user: second, token } = await api.accounts.signInAdmin({ createdAt: at(3) });
		const reply = await list(token);
		expect(reply.status).toBe(200);
		expect(reply.headers['content-type']).toMatch(/^application\/json/);
		expect(reply.body).toEqual([
			accountShape({ id: second.id, isAdmin: true, createdAt: at(3).toISOString() }),
			accountShape({ id: first.id })
		]);
	});

	it('includes deleted users with withDeleted=true, not with false', async () => {
		const { user: admin, token } = await api.accounts.signInAdmin({ createdAt: at(1) });
		const deleted = await api.accounts.makeUser({ createdAt: at(2), deletedAt: at(9), status: 'deleted' });
		expect((await list(token, '?withDeleted=true')).body).toEqual([
			accountShape({ id: deleted.id, status: 'deleted', deletedAt: at(9).toISOString() }),
			accountShape({ id: admin.id, isAdmin: true })
		]);
		expect((await list(token, '?withDeleted=false')).body).toMatchObject([{ id: admin.id }]);
	});

	it('finds a user by ID, a deleted one only on request, and none for an unknown ID', async () => {
		const { token } = await api.accounts.signInAdmin();
		const user = await api.accounts.makeUser();
		const deleted = await api.accounts.makeUser({ deletedAt: at(9), status: 'deleted' });
		expect((await list(token, `?id=${user.id}`)).body).toMatchObject([{ id: user.id }]);
		expect((await list(token, `?id=${deleted.id}`)).body).toEqual([]);
		expect((await list(token, `?id=${deleted.id}&withDeleted=true`)).body).toMatchObject([{ deletedAt: anyIso }]);
		expect((await list(token, '?id=00000000-0000-4000-a000-000000000000')).body).toEqual([]);
	});

	it('returns 400 for an invalid ID', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await list(token, '?id=nope');
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(validationFailed(uuidIssue()));
	});

	it.each(['1', 'TRUE', '', 'yes'])('returns 400 for withDeleted=%s', async (given) => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await list(token, `?withDeleted=${given}`);
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(
			validationFailed({
				code: 'invalid_value',
				values: ['true', 'false'],
				path: ['withDeleted'],
				message: 'Invalid option: expected one of "true"|"false"'
			})
		);
	});
});

describe('GET /admin/users with 3,000 users', () => {
	it('streams them all as one valid array, in order and each once', async () => {
		await api.reset();
		const { token } = await api.accounts.signInAdmin({ createdAt: at(0) });
		// Many share a creation time, so that the ID must break ties at batch boundaries.
		await api.prisma.$executeRaw`
			WITH groups AS (INSERT INTO cluster_group DEFAULT VALUES RETURNING id)
			INSERT INTO "user" ("email", "name", "clusterGroupId", "createdAt")
			SELECT n || '@example.test', '"quoted" ü ' || n, groups.id, ${at(1)}::timestamptz + (n / 700) * interval '1 second'
			FROM generate_series(1, 2999) AS n, groups`;
		const reply = await list(token);
		const users = z.array(UserAdminResponseDto.strict()).parse(reply.body);
		const wanted = await api.prisma.user.findMany({
			orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
			select: { id: true }
		});
		expect(users.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
		expect(users).toHaveLength(3_000);
		expect(reply.headers['transfer-encoding']).toBe('chunked');
	});
});
