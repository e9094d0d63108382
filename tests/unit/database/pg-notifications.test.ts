import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ChangeFeed } from '#lib/server/platform/database/pg-notifications.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.close());

it('reloads everything after 30 seconds without a notification, because changes without triggers send none', async () => {
	const documents = { onMaintenance: vi.fn(), onSettings: vi.fn(), onRelease: vi.fn() };
	const nothing = () => undefined;
	const others = {
		onChange: nothing,
		onAccounts: nothing,
		onNotification: nothing,
		onDeaf: nothing,
		onHearing: nothing
	};
	let nowMs = 0;
	const feed = new ChangeFeed(database.connection, { ...documents, ...others }, () => nowMs);
	await feed.start();
	try {
		expect(feed.isLive).toBe(true);
		for (const listener of Object.values(documents)) listener.mockClear();
		nowMs = 30_000;
		await expect
			.poll(() => Object.values(documents).map(({ mock }) => mock.calls.length), { timeout: 20_000 })
			.toEqual([1, 1, 1]);
	} finally {
		await feed.stop();
	}
});
