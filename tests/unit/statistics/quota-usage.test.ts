import { afterAll, beforeAll, expect, it } from 'vitest';
import { QuotaUsageRepository } from '#lib/server/features/statistics/quota-usage.repository.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { Sharing } from '#tests/support/sharing.ts';

let database: TestDatabase;

beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.close());

it('the sync of quota usage counts an upload that commits while it runs', async () => {
	const { pool, prisma } = database;
	const sharing = new Sharing(prisma);
	const userId = await sharing.makeUser();
	const uploading = await pool.connect();
	try {
		await uploading.query('BEGIN');
		await uploading.query(`UPDATE "user" SET "quotaUsageInBytes" = "quotaUsageInBytes" + 300 WHERE "id" = $1`, [
			userId
		]);
		await uploading.query(
			`WITH photo AS (
				INSERT INTO "asset" ("ownerId", "type", "originalPath", "originalFileName", "fileCreatedAt", "fileModifiedAt",
					"localDateTime", "checksum", "checksumAlgorithm")
				VALUES ($1, 'IMAGE', 'a.jpg', 'a.jpg', now(), now(), now(), '\\x01', 'sha1') RETURNING "id"
			)
			INSERT INTO "asset_exif" ("assetId", "fileSizeInByte") SELECT "id", 300 FROM photo`,
			[userId]
		);
		const { rows } = await uploading.query<{ pid: number }>('SELECT pg_backend_pid() AS "pid"');
		const synced = new QuotaUsageRepository({ pool }).sync(null);
		const isWaiting = async () =>
			(await pool.query('SELECT 1 FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids("pid"))', [rows[0]?.pid]))
				.rowCount;
		await expect.poll(isWaiting, { interval: 5 }).toBe(1);
		await uploading.query('COMMIT');
		expect(await synced).toEqual({ lastId: userId, changed: 0 });
	} finally {
		uploading.release(true);
	}
	expect((await prisma.user.findUniqueOrThrow({ where: { id: userId } })).quotaUsageInBytes).toBe(300n);
});
