import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CachedDocument } from '#lib/server/platform/cached-document.ts';
import { coalesced } from '#lib/server/platform/coalesced.ts';

describe('coalesced work', () => {
	it('runs once more for all calls during a run, and never twice at the same time', async () => {
		const finish: (() => void)[] = [];
		const work = vi.fn(() => new Promise<void>((resolve) => finish.push(resolve)));
		const run = coalesced(work);
		const first = run();
		await expect.poll(() => work.mock.calls.length).toBe(1);
		const others = [run(), run(), run()];
		await Promise.resolve();
		expect(work).toHaveBeenCalledTimes(1);
		finish[0]?.();
		await first;
		await expect.poll(() => work.mock.calls.length).toBe(2);
		finish[1]?.();
		await Promise.all(others);
		expect(work).toHaveBeenCalledTimes(2);
	});

	it('runs again after a failure, which only its own callers see', async () => {
		const work = vi.fn().mockRejectedValueOnce(new Error('down')).mockResolvedValue(undefined);
		const run = coalesced(work);
		await expect(run()).rejects.toThrow('down');
		await expect(run()).resolves.toBeUndefined();
	});
});

describe('a cached document', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	const stored = { text: 'old', isDown: false };
	const onRead = vi.fn();
	const onFailure = vi.fn();
	let document: CachedDocument<string>;

	beforeEach(() => {
		Object.assign(stored, { text: 'old', isDown: false });
		vi.clearAllMocks();
		const read = () => (stored.isDown ? Promise.reject(new Error('down')) : Promise.resolve(stored.text));
		document = new CachedDocument('old', { read, onRead, onFailure });
	});

	it('is replaced by what was read, and says whether it has changed', async () => {
		await document.refresh();
		stored.text = 'new';
		await document.refresh();
		await document.refresh();
		expect(document.current).toBe('new');
		expect(onRead.mock.calls).toEqual([
			['old', false],
			['new', true],
			['new', false]
		]);
	});

	it('is retried in the background until the database responds', async () => {
		Object.assign(stored, { text: 'new', isDown: true });
		await document.follow();
		await vi.advanceTimersByTimeAsync(2_500);
		expect(onFailure).toHaveBeenCalledTimes(3);
		stored.isDown = false;
		await vi.advanceTimersByTimeAsync(1_000);
		expect(document.current).toBe('new');
		expect(vi.getTimerCount()).toBe(0);
	});

	it('is retried by one timer, however many reads have failed', async () => {
		stored.isDown = true;
		await document.follow();
		await document.follow();
		expect(vi.getTimerCount()).toBe(1);
	});

	it('is not retried once stopped', async () => {
		stored.isDown = true;
		await document.follow();
		document.stop();
		expect(vi.getTimerCount()).toBe(0);
		await document.follow();
		expect(vi.getTimerCount()).toBe(0);
	});

	it('fails for callers that wait', async () => {
		stored.isDown = true;
		await expect(document.refresh()).rejects.toThrow('down');
		expect(document.current).toBe('old');
	});
});
