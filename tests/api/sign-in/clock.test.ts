import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';

const api = useApi();
const dayMs = 86_400_000;
const pinCode = '123456';

const call = (path: string, token: string, body: object) => api.request('POST', `/api/auth/${path}`, { token, body });

/** A user with a PIN. */
async function signIn() {
	const signedIn = await api.accounts.signIn();
	expect((await call('pin-code', signedIn.token, { pinCode })).status).toBe(204);
	return signedIn;
}

describe('after the clock was a day ahead and has been set back', () => {
	it('no one is locked out for that day', async () => {
		const { user, token } = await signIn();
		const key = `pin:user:${user.id}`;
		await api.prisma.rateLimit.create({ data: { key, points: 99, expire: Date.now() + dayMs } });
		const wrong = await call('session/unlock', token, { pinCode: '000000' });
		expect(wrong.status).toBe(400);
		const { points, expire } = await api.prisma.rateLimit.findUniqueOrThrow({ where: { key } });
		expect(points).toBe(1);
		expect(Number(expire) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
	});

	it('a limit reached since then still applies', async () => {
		const { user, token } = await signIn();
		const expire = Date.now() + 10 * 60_000;
		await api.prisma.rateLimit.create({ data: { key: `pin:user:${user.id}`, points: 99, expire } });
		expect((await call('session/unlock', token, { pinCode })).status).toBe(429);
	});

	it('no session stays elevated for that day', async () => {
		const { user, token } = await signIn();
		const isElevated = async () =>
			((await api.request('GET', '/api/auth/status', { token })).body as { isElevated: boolean }).isElevated;
		expect((await call('session/unlock', token, { pinCode })).status).toBe(204);
		expect(await isElevated()).toBe(true);
		await api.prisma.session.updateMany({
			where: { userId: user.id },
			data: { pinExpiresAt: new Date(Date.now() + dayMs) }
		});
		expect(await isElevated()).toBe(false);
	});

	it('a session last used in that day is marked as used now', async () => {
		const { user, token } = await signIn();
		await api.pool.query(`ALTER TABLE "session" DISABLE TRIGGER "session_updatedAt"`).catch(() => undefined);
		await api.pool
			.query(`SET session_replication_role = replica; UPDATE "session" SET "updatedAt" = now() + interval '1 day'
			WHERE "userId" = '${user.id}'; SET session_replication_role = origin`);
		await api.prisma.user.update({ where: { id: user.id }, data: { name: 'Heard' } });
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		const { updatedAt } = await api.prisma.session.findFirstOrThrow({ where: { userId: user.id } });
		expect(updatedAt.getTime()).toBeLessThan(Date.now() + 3_600_000);
	});

	it('a bulk action in progress continues', async () => {
		const { user: admin, token } = await api.accounts.signInAdmin();
		const target = await api.accounts.makeUser();
		const ids = [target.id];
		const drafted = await api.request('POST', '/api/admin/user-batches', { token, body: { kind: 'delete', ids } });
		expect(drafted.status).toBe(201);
		const { id } = drafted.body as { id: string };
		await api.prisma.userBatch.update({
			where: { id },
			data: { startedAt: new Date(), orderedBy: admin.id, leasedUntil: new Date(Date.now() + dayMs) }
		});
		await api.request('POST', `/api/admin/user-batches/${id}/start`, { token, body: {} });
		await expect
			.poll(async () => (await api.prisma.userBatch.findUniqueOrThrow({ where: { id } })).finishedAt, {
				timeout: 30_000
			})
			.not.toBeNull();
	});
});
