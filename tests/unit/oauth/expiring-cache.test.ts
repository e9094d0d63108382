import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExpiringCache } from '#lib/server/features/oauth/expiring-cache.ts';

interface Thing {
	readonly number: number;
}

describe('cached provider data', () => {
	let fetched = 0;
	let remembered: ExpiringCache<Thing>;
	const fetch = () => Promise.resolve({ number: ++fetched });
	const fail = () => Promise.reject(new Error(`failure ${++fetched}`));

	beforeEach(() => {
		vi.useFakeTimers({ toFake: ['Date', 'performance'] });
		// The cache treats a start at zero as unset.
		vi.advanceTimersByTime(1_000);
		fetched = 0;
		remembered = new ExpiringCache<Thing>({ maxAgeMs: 300_000, refillMs: 30_000 });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	it('is fetched once for concurrent callers, and again after it expires', async () => {
		const all = await Promise.all(Array.from({ length: 50 }, () => remembered.get('a', fetch)));
		expect(new Set(all.map(({ number }) => number))).toEqual(new Set([1]));
		vi.advanceTimersByTime(299_000);
		expect(await remembered.get('a', fetch)).toEqual({ number: 1 });
		vi.advanceTimersByTime(2_000);
		expect(await remembered.get('a', fetch)).toEqual({ number: 2 });
		expect(await remembered.get('b', fetch)).toEqual({ number: 3 });
	});

	it('is retried once after a failure, then once per period', async () => {
		for (let asked = 0; asked < 20; asked++) await expect(remembered.get('a', fail)).rejects.toThrow();
		expect(fetched).toBe(2);
		await expect(remembered.get('a', fail)).rejects.toThrow('failure 2');
		vi.advanceTimersByTime(30_000);
		for (let asked = 0; asked < 20; asked++) await expect(remembered.get('a', fail)).rejects.toThrow('failure 3');
		vi.advanceTimersByTime(30_000);
		expect(await remembered.get('a', fetch)).toEqual({ number: 4 });
	});

	it('is renewed once, then once per period', async () => {
		await remembered.get('a', fetch);
		for (let asked = 0; asked < 20; asked++) expect(await remembered.renew('a', fetch)).toEqual({ number: 2 });
		vi.advanceTimersByTime(30_000);
		for (let asked = 0; asked < 20; asked++) expect(await remembered.renew('a', fetch)).toEqual({ number: 3 });
	});

	it('is cleared, including failures and fetches in progress', async () => {
		for (let asked = 0; asked < 5; asked++) await expect(remembered.get('a', fail)).rejects.toThrow();
		remembered.clear();
		let arrive: (thing: Thing) => void = () => undefined;
		const slow = remembered.get('a', () => new Promise<Thing>((resolve) => (arrive = resolve)));
		remembered.clear();
		expect(await remembered.get('a', fetch)).toEqual({ number: 3 });
		arrive({ number: 99 });
		expect(await slow).toEqual({ number: 99 });
		expect(await remembered.get('a', fetch)).toEqual({ number: 3 });
	});

	it('is replaced regardless of the cache', async () => {
		await remembered.get('a', fetch);
		expect(await remembered.replace('a', fetch)).toEqual({ number: 2 });
		expect(await remembered.get('a', fetch)).toEqual({ number: 2 });
	});
});
