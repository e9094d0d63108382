import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, migrationsDir, type TestDatabase } from '#tests/support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.close());

it('renames known devices as Immich does, and loses none if both names were known', async () => {
	const { prisma, pool } = database;
	const { id: clusterGroupId } = await prisma.clusterGroup.create({ data: {} });
	const { id: userId } = await prisma.user.create({ data: { email: 'a@example.test', name: 'A', clusterGroupId } });
	const devices: [string, string, boolean][] = [
		['Microsoft Edge', 'Windows', false],
		['Safari', 'iOS', false],
		['Safari', 'macOS', false],
		['Chrome', 'Android', false],
		['Chrome', 'Linux', false],
		['Firefox', 'Android', false],
		['Mobile Firefox', 'Android', false],
		['Pixel 9', 'Android', true],
		['iPhone17,1', 'iOS', true]
	];
	await prisma.knownDevice.createMany({
		data: devices.map(([deviceType, deviceOS, isApp]) => ({ userId, deviceType, deviceOS, isApp }))
	});
	const sql = await readFile(path.join(migrationsDir, '20261129010601_device_names/migration.sql'), 'utf8');
	for (let round = 0; round < 2; round++) {
		await pool.query(sql);
		const rows = await prisma.knownDevice.findMany({ where: { userId } });
		expect(rows.map(({ deviceType, deviceOS }) => `${deviceType} on ${deviceOS}`).sort()).toEqual([
			'Chrome on Linux',
			'Edge on Windows',
			'Firefox on Android',
			'Mobile Chrome on Android',
			'Mobile Firefox on Android',
			'Mobile Safari on iOS',
			'Pixel 9 on android',
			'Safari on macOS',
			'iPhone17,1 on iOS'
		]);
	}
});
