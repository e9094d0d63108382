import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { runJob } from '#tests/support/jobs.ts';
import { buildPhoto } from '#tests/support/photos.ts';

const api = useApi({ isOwn: true });
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
let token = '';

beforeAll(async () => {
	({ token } = await api.accounts.signInAdmin({ name: 'Ada' }));
});
afterEach(() => api.pool.query('DELETE FROM immich_auth_jobs.job'));

const run = (name: string) => runJob(api, token, name);

describe('SessionCleanup', () => {
	it('removes idle and expired sessions with their children, and outdated rows', async () => {
		const { id: userId } = await api.accounts.makeUser();
		const old = await api.accounts.makeSession(userId);
		const [parent] = await api.prisma.session.findMany({ where: { userId } });
		await api.accounts.makeSession(userId, { parentId: parent?.id ?? null });
		await api.accounts.makeSession(userId, { expiresAt: daysAgo(1) });
		await api.accounts.makeSession(userId, { expiresAt: daysAgo(-1) });
		const live = await api.accounts.makeSession(userId);
		await api.pool.query('ALTER TABLE session DISABLE TRIGGER USER');
		await api.prisma.session.update({ where: { id: parent?.id ?? '' }, data: { updatedAt: daysAgo(91) } });
		await api.pool.query('ALTER TABLE session ENABLE TRIGGER USER');
		await api.prisma.rateLimit.createMany({
			data: [
				{ key: 'pin:old', points: 3, expire: BigInt(Date.now() - 1_000) },
				{ key: 'pin:new', points: 3, expire: BigInt(Date.now() + 60_000) }
			]
		});
		await api.prisma.knownDevice.createMany({
			data: Array.from({ length: 130 }, (_, index) => ({
				userId,
				deviceType: `Browser ${index}`,
				deviceOS: 'Linux',
				isApp: false,
				firstSeenAt: daysAgo(index)
			}))
		});
		await api.accounts.makeApiKey(userId);
		const { id: keyId } = await api.prisma.apiKey.findFirstOrThrow({ where: { userId } });
		await api.prisma.apiKeyUsage.createMany({
			data: [31, 2].map((days) => ({
				keyId,
				day: daysAgo(days),
				permission: 'all',
				count: 1,
				lastUsedAt: daysAgo(days)
			}))
		});
		for (const [index, expiresAt] of [daysAgo(1), daysAgo(-1)].entries()) {
			const flow = { kind: 'signIn', providerId: 'immich', nonce: 'n', redirectUri: 'https://photos.example.test' };
			await api.prisma.oAuthFlow.create({ data: { ...flow, key: Buffer.from([index]), expiresAt } });
			const used = { issuer: 'https://id.example.test', tokenId: String(index), expiresAt };
			await api.prisma.oAuthLogoutToken.create({ data: used });
		}
		expect(await run('SessionCleanup')).toBe('2 ended sessions removed, and 34 outdated rows');
		expect(await api.prisma.session.count({ where: { userId } })).toBe(2);
		expect((await api.request('GET', '/api/users/me', { token: live })).status).toBe(200);
		expect((await api.request('GET', '/api/users/me', { token: old })).status).toBe(401);
		expect(await api.prisma.rateLimit.findMany({ select: { key: true } })).toEqual([{ key: 'pin:new' }]);
		expect(await api.prisma.knownDevice.count({ where: { userId, deviceType: 'Browser 99' } })).toBe(1);
		expect(await api.prisma.knownDevice.count({ where: { userId } })).toBe(100);
		expect(await api.prisma.apiKeyUsage.count({ where: { keyId } })).toBe(1);
		expect([await api.prisma.oAuthFlow.count(), await api.prisma.oAuthLogoutToken.count()]).toEqual([1, 1]);
	});
});

describe('UserSyncUsage', () => {
	it('sums up the sizes of files outside libraries', async () => {
		const { id: ownerId } = await api.accounts.makeUser({ quotaUsageInBytes: 7 });
		const { id: right, updatedAt } = await api.accounts.makeUser();
		const library = await api.prisma.library.create({
			data: { name: 'NAS', ownerId, importPaths: [], exclusionPatterns: [] }
		});
		for (const [libraryId, size] of [
			[null, 100],
			[null, 2 ** 33],
			[library.id, 5]
		] as const) {
			const { id } = await api.prisma.asset.create({ data: buildPhoto(ownerId, { libraryId }) });
			await api.prisma.assetExif.create({ data: { assetId: id, fileSizeInByte: size } });
		}
		expect(await run('UserSyncUsage')).toBe('1 account corrected');
		expect((await api.accounts.findUser(ownerId)).quotaUsageInBytes).toBe(BigInt(2 ** 33 + 100));
		expect((await api.accounts.findUser(right)).updatedAt).toEqual(updatedAt);
	});
});
