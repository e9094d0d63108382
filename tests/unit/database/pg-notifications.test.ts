import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeFeed } from '#lib/server/platform/database/pg-notifications.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const timeout = 20_000;
const userId = 'c0ffee00-0000-4000-a000-000000000000';

let database: TestDatabase;
let feed: ChangeFeed;
let nowMs: number;
const onInterrupted = vi.fn();
const onResumed = vi.fn();
const handlers = {
	people: vi.fn(),
	accounts: vi.fn(),
	notifications: vi.fn(),
	maintenance: vi.fn(),
	settings: vi.fn(),
	releases: vi.fn()
};

beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.close());

beforeEach(async () => {
	vi.clearAllMocks();
	nowMs = 0;
	feed = new ChangeFeed(database.connection, { onInterrupted, onResumed }, () => nowMs);
	feed.subscribe(handlers);
	await feed.start();
});
afterEach(() => feed.stop());

const calls = () => Object.fromEntries(Object.entries(handlers).map(([topic, { mock }]) => [topic, mock.calls]));
const nothing = { people: [], accounts: [], notifications: [], maintenance: [], settings: [], releases: [] };
const missed = { ...nothing, people: [[null]], accounts: [[[]]], maintenance: [[]], settings: [[]], releases: [[]] };
const notify = (topic: string, payload: string) =>
	database.pool.query('SELECT pg_notify($1, $2)', [`immich_auth_${topic}`, payload]);

describe('a notification', () => {
	it.each([
		['people', userId, [[userId]]],
		['people', '*', [[null]]],
		['people', '', []],
		['accounts', '', [[[]]]],
		['accounts', `${userId},${userId}`, [[[userId, userId]]]],
		['notifications', `${userId}:${userId}`, [[userId, userId]]],
		['maintenance', '', [[]]],
		['settings', '', [[]]],
		['releases', '', [[]]]
	])('of %s with %j calls only the handlers of its topic', async (topic, payload, expected) => {
		vi.clearAllMocks();
		await notify(topic, payload);
		await feed.catchUp();
		expect(calls()).toEqual({ ...nothing, [topic]: expected });
	});

	it('calls all handlers of a topic in their order', async () => {
		const order: string[] = [];
		feed.subscribe({ settings: () => void order.push('first') });
		feed.subscribe({ settings: () => void order.push('second') });
		await notify('settings', '');
		await feed.catchUp();
		expect(order).toEqual(['first', 'second']);
	});

	it('has been handled, whatever its handler waits for, once the feed has caught up', async () => {
		let finish = () => {};
		const reread = new Promise<void>((resolve) => (finish = resolve));
		feed.subscribe({ settings: () => reread });
		await notify('settings', '');
		let hasCaughtUp = false;
		const caughtUp = feed.catchUp().then(() => (hasCaughtUp = true));
		// Other round trips pass meanwhile.
		await notify('people', userId);
		await expect.poll(() => handlers.people.mock.calls).toContainEqual([userId]);
		await notify('accounts', userId);
		await expect.poll(() => handlers.accounts.mock.calls).toContainEqual([[userId]]);
		expect(hasCaughtUp).toBe(false);
		finish();
		await caughtUp;
	});
});

describe('the change feed', () => {
	it('reports everything as possibly changed once connected', () => {
		expect(feed.isLive).toBe(true);
		expect(calls()).toEqual(missed);
	});

	it('rereads documents after 30 seconds without a notification, because changes without triggers send none', async () => {
		vi.clearAllMocks();
		nowMs = 30_000;
		await expect.poll(calls, { timeout }).toEqual({ ...nothing, maintenance: [[]], settings: [[]], releases: [[]] });
	});

	it('is live for 3 seconds after its own notification arrived', () => {
		nowMs = 2_999;
		expect(feed.isLive).toBe(true);
		nowMs = 3_000;
		expect(feed.isLive).toBe(false);
	});

	it('forgets all users when its connection is lost, and rereads everything after reconnecting', async () => {
		vi.clearAllMocks();
		await database.pool.query(
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE application_name = 'immich-auth changes' AND datname = current_database()`
		);
		await expect.poll(() => onInterrupted.mock.calls.length, { timeout }).toBe(1);
		expect(feed.isLive).toBe(false);
		expect(calls()).toEqual({ ...nothing, people: [[null]] });
		vi.clearAllMocks();
		nowMs += 4_000;
		await expect.poll(() => onResumed.mock.calls.length, { timeout }).toBe(1);
		expect(calls()).toEqual(missed);
	});

	it('has caught up immediately while no notifications can arrive, whatever its handlers wait for', async () => {
		const interrupted = new ChangeFeed(null, { onInterrupted, onResumed }, () => nowMs);
		const settings = vi.fn(() => new Promise<void>(() => {}));
		interrupted.subscribe({ settings });
		nowMs = 5_000;
		await interrupted.start();
		expect(settings).toHaveBeenCalledTimes(1);
		await interrupted.catchUp();
		await interrupted.stop();
	});
});
