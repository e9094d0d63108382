import { beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { unknownId } from '#tests/support/operations.ts';

const api = useApi();
const gone = 'The account doesn’t exist';
const isDeleted = 'The account is deleted: restore it first';
const quota = 10 * 2 ** 30;
const deletedAt = new Date();
let batches: Batches;
let admin: { id: string };

beforeEach(async () => {
	await api.reset();
	const { user, token } = await api.accounts.signInAdmin();
	admin = user;
	batches = new Batches(api, token);
});

/** The outcome of each item, in the requested order. */
const verdicts = (items: readonly { outcome: string | null; reason: string | null }[]) =>
	items.map(({ outcome, reason }) => [outcome, reason]);

/** Runs one change and expects that every other row stays exactly the same. */
async function runOn(body: object, ids: readonly string[]) {
	const before = new Map((await api.prisma.user.findMany()).map((row) => [row.id, row]));
	const result = await batches.run({ ...body, ids });
	for (const { userId, outcome } of result.items)
		if (outcome !== 'done' && userId !== null && before.has(userId))
			expect(await api.accounts.findUser(userId)).toEqual(before.get(userId));
	return result;
}

describe('a bulk action', () => {
	it('requireChange requires a new password and skips users it does not apply to', async () => {
		const { user: done, token } = await api.accounts.signIn();
		const without = await api.accounts.makeUser({ password: null });
		const deleted = await api.accounts.makeUser({ deletedAt, status: 'deleted' });
		const already = await api.accounts.makeUser({ shouldChangePassword: true });
		const ids = [done.id, without.id, deleted.id, already.id, admin.id, unknownId];
		const { batch, items } = await runOn({ kind: 'requireChange' }, ids);
		expect(verdicts(items)).toEqual([
			['done', null],
			['skipped', 'The account has no password'],
			['failed', isDeleted],
			['skipped', 'A change is required already'],
			['skipped', 'This is your own account'],
			['failed', gone]
		]);
		expect(batch).toMatchObject({
			state: 'finished',
			total: 6,
			waiting: 0,
			done: 1,
			skipped: 3,
			failed: 2,
			passwords: 0
		});
		expect(items.map(({ userId, email, name }) => [userId, email, name])[0]).toEqual([done.id, done.email, done.name]);
		expect((await api.request('GET', '/api/users', { token })).status).toBe(403);
		expect((await api.request('POST', '/api/auth/login', { body: { email: done.email, password } })).status).toBe(201);
		expect(await api.prisma.passwordState.findUnique({ where: { userId: done.id } })).toMatchObject({
			demandedBy: admin.id
		});
	});

	it('setQuota sets it, removes it, and writes nothing if it is the same', async () => {
		const [without, same, deleted] = [
			await api.accounts.makeUser(),
			await api.accounts.makeUser({ quotaSizeInBytes: BigInt(quota) }),
			await api.accounts.makeUser({ deletedAt, status: 'deleted' })
		];
		const ids = [without.id, same.id, deleted.id, unknownId, admin.id];
		const { batch, items } = await runOn({ kind: 'setQuota', quotaSizeInBytes: quota }, ids);
		expect(batch).toMatchObject({ kind: 'setQuota', quotaSizeInBytes: quota, done: 2, skipped: 1, failed: 2 });
		expect(verdicts(items)).toEqual([
			['done', null],
			['skipped', 'The account has this quota already'],
			['failed', isDeleted],
			['failed', gone],
			['done', null]
		]);
		expect((await api.accounts.findUser(without.id)).quotaSizeInBytes).toBe(BigInt(quota));
		const { items: taken } = await runOn({ kind: 'setQuota', quotaSizeInBytes: null }, [without.id, same.id]);
		expect(verdicts(taken)).toEqual([
			['done', null],
			['done', null]
		]);
		expect((await api.accounts.findUser(same.id)).quotaSizeInBytes).toBeNull();
	});

	it('delete deletes all but the caller and ends their sessions', async () => {
		const { user, token } = await api.accounts.signIn();
		const otherAdmin = await api.accounts.makeAdmin();
		const deleted = await api.accounts.makeUser({ deletedAt, status: 'deleted' });
		const ids = [user.id, otherAdmin.id, admin.id, deleted.id, unknownId];
		const { items } = await runOn({ kind: 'delete' }, ids);
		expect(verdicts(items)).toEqual([
			['done', null],
			['done', null],
			['failed', 'You cannot delete your own account'],
			['skipped', 'The account is deleted already'],
			['failed', gone]
		]);
		expect(await api.accounts.findUser(user.id)).toMatchObject({
			status: 'deleted',
			deletedAt: expect.any(Date) as Date
		});
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(401);
	});

	it('restore restores deleted users and skips others', async () => {
		const deleted = await api.accounts.makeUser({ deletedAt, status: 'deleted' });
		const active = await api.accounts.makeUser();
		const { items } = await runOn({ kind: 'restore' }, [deleted.id, active.id, unknownId]);
		expect(verdicts(items)).toEqual([
			['done', null],
			['skipped', 'The account is not deleted'],
			['failed', gone]
		]);
		expect(await api.accounts.findUser(deleted.id)).toMatchObject({ status: 'active', deletedAt: null });
		const body = { email: deleted.email, password };
		expect((await api.request('POST', '/api/auth/login', { body })).status).toBe(201);
	});

	it('unlinkOAuth removes every identity, including Immich’s, and skips users without one', async () => {
		const [linked, taken, other] = [
			await api.accounts.makeUser(),
			await api.accounts.makeUser({ oauthId: 'from-immich' }),
			await api.accounts.makeUser()
		];
		const identity = { providerId: 'immich', issuer: 'https://id.example.test', subject: 'linked' };
		await api.prisma.oAuthIdentity.create({ data: { ...identity, userId: linked.id } });
		const { items } = await runOn({ kind: 'unlinkOAuth' }, [linked.id, taken.id, other.id, unknownId]);
		expect(verdicts(items)).toEqual([
			['done', null],
			['done', null],
			['skipped', 'The account is not linked to a provider'],
			['failed', gone]
		]);
		expect(await api.prisma.oAuthIdentity.count()).toBe(0);
		expect(await api.prisma.user.count({ where: { oauthId: { not: '' } } })).toBe(0);
		const unlinked = { action: 'oauth.unlink', subjectId: { in: [linked.id, taken.id] } };
		expect(await api.prisma.auditEvent.count({ where: unlinked })).toBe(2);
	});

	it('counts a repeated ID as one user', async () => {
		const user = await api.accounts.makeUser();
		expect(await batches.draft({ kind: 'restore', ids: [user.id, user.id] })).toMatchObject({ total: 1, waiting: 1 });
	});

	it('with a filter changes the users who matched when it was drafted, newest first', async () => {
		const [first, second] = [
			await api.accounts.makeUser({ name: '50% off', createdAt: new Date(1_000) }),
			await api.accounts.makeUser({ name: 'Also 50% off', createdAt: new Date(2_000) })
		];
		await api.accounts.makeUser({ name: '50 off' });
		await api.accounts.makeUser({ name: '50% off', deletedAt, status: 'deleted' });
		const { id, total } = await batches.draft({ kind: 'setQuota', quotaSizeInBytes: 5, filter: { q: '50%' } });
		const late = await api.accounts.makeUser({ name: '50% off' });
		expect(total).toBe(2);
		await batches.start(id);
		expect(await batches.finish(id)).toMatchObject({ done: 2, total: 2 });
		expect((await batches.listItems(id)).map(({ userId }) => userId)).toEqual([second.id, first.id]);
		expect((await api.accounts.findUser(late.id)).quotaSizeInBytes).toBeNull();
	});

	it('without matching users finishes immediately', async () => {
		const { batch, items } = await batches.run({ kind: 'delete', filter: { q: 'nobody has this name' } });
		expect(batch).toMatchObject({ state: 'finished', total: 0 });
		expect(items).toEqual([]);
	});

	it('changes 3,000 users in several chunks, each once', async () => {
		await api.prisma.$executeRaw`
			WITH groups AS (INSERT INTO cluster_group DEFAULT VALUES RETURNING id)
			INSERT INTO "user" ("email", "name", "clusterGroupId") SELECT n || '@example.test', 'Many ' || n, groups.id
			FROM generate_series(1, 3000) AS n, groups`;
		const { batch, items } = await batches.run({ kind: 'setQuota', quotaSizeInBytes: 7, filter: { q: 'many' } });
		expect(batch).toMatchObject({ total: 3_000, done: 3_000, skipped: 0, failed: 0 });
		expect(await api.prisma.user.count({ where: { quotaSizeInBytes: 7 } })).toBe(3_000);
		expect(items).toHaveLength(50);
		const last = await batches.listItems(batch.id, `?after=2990&outcome=done`);
		expect(last.map(({ position }) => position)).toEqual([2991, 2992, 2993, 2994, 2995, 2996, 2997, 2998, 2999, 3000]);
		expect(await batches.listItems(batch.id, '?outcome=waiting')).toEqual([]);
	});
});

describe('a retry', () => {
	it('changes only those that failed', async () => {
		const [user, deleted] = [
			await api.accounts.makeUser(),
			await api.accounts.makeUser({ deletedAt, status: 'deleted' })
		];
		const body = { kind: 'setQuota', quotaSizeInBytes: 3, ids: [user.id, deleted.id] };
		const { batch } = await batches.run(body);
		await batches.run({ kind: 'restore', ids: [deleted.id] });
		const retry = await batches.draftRetry(batch.id);
		expect(retry).toMatchObject({ kind: 'setQuota', quotaSizeInBytes: 3, state: 'draft', total: 1, waiting: 1 });
		await batches.start(retry.id);
		expect(await batches.finish(retry.id)).toMatchObject({ done: 1, failed: 0 });
		expect((await api.accounts.findUser(deleted.id)).quotaSizeInBytes).toBe(3n);
	});

	it('returns 400 if nothing failed', async () => {
		const user = await api.accounts.makeUser();
		const { batch } = await batches.run({ kind: 'restore', ids: [user.id] });
		const reply = await batches.call('POST', `/${batch.id}/retry`);
		expect([reply.status, reply.body]).toEqual([400, { message: 'No failures to retry' }]);
	});
});
