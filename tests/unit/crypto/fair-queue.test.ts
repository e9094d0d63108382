import { afterEach, describe, expect, it, vi } from 'vitest';
import { FairQueue } from '#lib/server/platform/crypto/fair-queue.ts';

/** A queue with one slot, and work that the test finishes one by one. */
function setUp(limits: { maxWaiting?: number; maxWaitMs?: number } = {}) {
	const queue = new FairQueue({ concurrency: 1, maxWaiting: 1_000, maxWaitMs: 60_000, ...limits });
	const started: string[] = [];
	const ends: (() => void)[] = [];
	const work = (name: string) => () =>
		new Promise<string>((resolve) => {
			started.push(name);
			ends.push(() => resolve(name));
		});
	const ask = (name: string, lanes: readonly string[], signal?: AbortSignal) =>
		queue.run(work(name), { lanes, signal }).catch((error: unknown) => error);
	/** Lets all waiting work run, one after the other. */
	const drain = async () => {
		// The first one has not started yet.
		await new Promise((resolve) => setImmediate(resolve));
		for (let end = ends.shift(); end; end = ends.shift()) {
			end();
			await new Promise((resolve) => setImmediate(resolve));
		}
		return started;
	};
	return { queue, started, work, ask, drain };
}

describe('FairQueue', () => {
	afterEach(() => vi.useRealTimers());

	it.each([
		['account', (n: number) => ['account:bob', `network:${String(n)}`]],
		['network', (n: number) => [`account:${String(n)}`, 'network:here']]
	])('serves others in between a flood from one %s', async (_, getLanes) => {
		const { ask, drain } = setUp();
		for (let number = 0; number < 50; number++) void ask(`flood ${String(number)}`, getLanes(number));
		void ask('eve', ['account:eve', 'network:there']);
		void ask('eve again', ['account:eve', 'network:there']);
		const order = await drain();
		expect(order).toHaveLength(52);
		expect(order.indexOf('eve')).toBe(1);
		expect(order.indexOf('eve again')).toBeLessThanOrEqual(3);
	});

	it('keeps the order within a lane', async () => {
		const { ask, drain } = setUp();
		for (const name of ['a', 'b', 'c', 'd']) void ask(name, [`account:${name}`]);
		expect(await drain()).toEqual(['a', 'b', 'c', 'd']);
	});

	it('refuses the caller with the most requests when full', async () => {
		const { ask, drain } = setUp({ maxWaiting: 3 });
		const flood = Array.from({ length: 6 }, (_, n) => ask(`flood ${String(n)}`, ['network:here']));
		const eve = ask('eve', ['network:there']);
		await drain();
		expect(await eve).toBe('eve');
		const ends = await Promise.all(flood);
		expect(ends.slice(0, 3)).toEqual(['flood 0', 'flood 1', 'flood 2']);
		for (const refused of ends.slice(3)) expect(refused).toMatchObject({ status: 503 });
	});

	it('drops callers who disconnect, before and while they wait', async () => {
		const { queue, ask, drain } = setUp();
		const controller = new AbortController();
		void ask('first', []);
		const gone = ask('gone', ['network:here'], controller.signal);
		void ask('next', ['network:here']);
		expect(queue.waiting).toBe(2);
		controller.abort();
		expect(queue.waiting).toBe(1);
		expect(await gone).toMatchObject({ message: 'The client has gone away' });
		expect(await ask('late', [], controller.signal)).toMatchObject({ message: 'The client has gone away' });
		expect(await drain()).toEqual(['first', 'next']);
	});

	it('refuses with 503 after the maximum wait', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const { queue, ask, drain } = setUp();
		void ask('first', []);
		const second = ask('second', []);
		vi.advanceTimersByTime(59_999);
		expect(queue.waiting).toBe(1);
		vi.advanceTimersByTime(1);
		expect(await second).toMatchObject({ status: 503, details: { retryAfterSeconds: 5 } });
		expect(await drain()).toEqual(['first']);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('runs background work last, and never refuses it', async () => {
		const { queue, work, ask, drain } = setUp({ maxWaiting: 1 });
		void ask('first', []);
		const later = queue.runLater(work('later'));
		const second = ask('second', []);
		expect(await ask('third', [])).toMatchObject({ status: 503 });
		expect(await drain()).toEqual(['first', 'second', 'later']);
		expect(await Promise.all([later, second])).toEqual(['later', 'second']);
	});

	it('continues after work that fails', async () => {
		const { queue } = setUp();
		await expect(queue.run(() => Promise.reject(new Error('no')), { lanes: [] })).rejects.toThrow('no');
		expect(await queue.run(() => Promise.resolve('yes'), { lanes: [] })).toBe('yes');
	});
});
