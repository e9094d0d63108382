import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readUniqueViolation } from '#lib/server/platform/database/prisma-errors.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { buildPhoto } from '#tests/support/photos.ts';

describe('the database behind the mirror', () => {
	let database: TestDatabase;

	beforeAll(async () => {
		database = await createTestDatabase();
	});

	afterEach(async () => {
		await database.reset();
	});

	afterAll(async () => {
		await database.close();
	});

	async function createUser(email = 'ada@example.com') {
		return await database.prisma.user.create({ data: { email, clusterGroup: { create: {} } } });
	}

	it('refreshes updatedAt and updateId at each update, from any program', async () => {
		const before = await createUser();
		const after = await database.prisma.user.update({ where: { id: before.id }, data: { name: 'Ada' } });
		expect(after.updatedAt.getTime()).toBeGreaterThan(before.updatedAt.getTime());
		expect(after.updateId > before.updateId).toBe(true);
	});

	it('generates update IDs that are UUIDs of version 7 and sort by time', async () => {
		const { rows } = await database.pool.query<{ id: string }>(
			'SELECT immich_uuid_v7() AS id FROM generate_series(1, 200)'
		);
		const ids = rows.map((row) => row.id);
		expect(
			ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))
		).toEqual([]);
		expect(new Set(ids).size).toBe(ids.length);

		const at = await database.pool.query<{ early: string; late: string }>(
			`SELECT immich_uuid_v7('2026-01-02T03:04:05.678901Z') AS early, immich_uuid_v7('2026-01-02T03:04:05.678902Z') AS late`
		);
		const { early = '', late = '' } = at.rows[0] ?? {};
		expect(Number.parseInt(early.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.parse('2026-01-02T03:04:05.678Z'));
		expect(late > early).toBe(true);
	});

	it("records a deleted user for sync clients, but not the user's deleted data", async () => {
		const user = await createUser();
		await database.prisma.userMetadata.create({ data: { userId: user.id, key: 'preferences', value: {} } });
		await database.prisma.user.delete({ where: { id: user.id } });
		expect(await database.prisma.userAudit.findMany({ select: { userId: true } })).toEqual([{ userId: user.id }]);
		expect(await database.prisma.userMetadataAudit.count()).toBe(0);
	});

	it('records deleted metadata', async () => {
		const user = await createUser();
		const metadata = { userId: user.id, key: 'license' };
		await database.prisma.userMetadata.create({ data: { ...metadata, value: {} } });
		await database.prisma.userMetadata.delete({ where: { userId_key: metadata } });
		expect(await database.prisma.userMetadataAudit.findMany({ select: { userId: true, key: true } })).toEqual([
			metadata
		]);
	});

	it('deletes everything that belongs to a deleted user', async () => {
		const user = await createUser();
		const parent = await database.prisma.session.create({ data: { userId: user.id, token: new Uint8Array(32) } });
		await database.prisma.session.create({ data: { userId: user.id, parentId: parent.id, token: new Uint8Array(32) } });
		await database.prisma.apiKey.create({
			data: { userId: user.id, name: 'CLI', key: new Uint8Array(32), permissions: ['all'] }
		});
		await database.prisma.passwordState.create({ data: { userId: user.id } });
		await database.prisma.userActivity.create({ data: { userId: user.id } });
		await database.prisma.notification.create({ data: { userId: user.id, title: 'Hello' } });
		await database.prisma.user.delete({ where: { id: user.id } });
		expect(
			await Promise.all([
				database.prisma.session.count(),
				database.prisma.apiKey.count(),
				database.prisma.passwordState.count(),
				database.prisma.userActivity.count(),
				database.prisma.notification.count()
			])
		).toEqual([0, 0, 0, 0, 0]);
	});

	it('deletes the photos, libraries and stacks of a deleted user, recording only the user', async () => {
		const { id: ownerId } = await createUser();
		const library = await database.prisma.library.create({
			data: { name: 'NAS', ownerId, importPaths: ['/nas'], exclusionPatterns: [] }
		});
		const own = await database.prisma.asset.create({ data: buildPhoto(ownerId) });
		const stack = await database.prisma.stack.create({ data: { ownerId, primaryAssetId: own.id } });
		await database.prisma.asset.update({ where: { id: own.id }, data: { stackId: stack.id } });
		await database.prisma.asset.create({
			data: buildPhoto(ownerId, { libraryId: library.id, checksumAlgorithm: 'sha1Path' })
		});
		await database.prisma.user.delete({ where: { id: ownerId } });
		expect(
			await Promise.all([
				database.prisma.asset.count(),
				database.prisma.library.count(),
				database.prisma.stack.count(),
				database.prisma.assetAudit.count(),
				database.prisma.stackAudit.count()
			])
		).toEqual([0, 0, 0, 0, 0]);
	});

	it('records a deleted photo for sync clients', async () => {
		const { id: ownerId } = await createUser();
		const { id: assetId } = await database.prisma.asset.create({ data: buildPhoto(ownerId) });
		await database.prisma.asset.delete({ where: { id: assetId } });
		expect(await database.prisma.assetAudit.findMany({ select: { assetId: true, ownerId: true } })).toEqual([
			{ assetId, ownerId }
		]);
	});

	it('names the constraint that a duplicate email violates', async () => {
		await createUser();
		const error = await createUser().catch((error: unknown) => error);
		expect(readUniqueViolation(error)).toBe('user_email_uq');
		expect(readUniqueViolation(new Error('another'))).toBeUndefined();
	});

	it('reads and writes both schemas in one transaction', async () => {
		const user = await createUser();
		const count = await database.prisma.$transaction(async (transaction) => {
			await transaction.passwordState.create({ data: { userId: user.id } });
			return await transaction.user.count({ where: { passwordState: { isNot: null } } });
		});
		expect(count).toBe(1);
	});

	it('refuses an undefined in a filter, which would otherwise match every row', async () => {
		await createUser();
		const filter: { email?: string } = {};
		// The compiler rejects a plain undefined; this is how one gets in anyway.
		Object.assign(filter, { email: undefined });
		await expect(database.prisma.user.findFirst({ where: filter })).rejects.toThrow(/undefined/);
	});

	it.each(['immich_auth_user_lower_name_trigram', 'immich_auth_user_email_trigram'])(
		'has the search index %s',
		async (name) => {
			const { rowCount } = await database.pool.query('SELECT 1 FROM pg_indexes WHERE indexname = $1', [name]);
			expect(rowCount).toBe(1);
		}
	);
});
