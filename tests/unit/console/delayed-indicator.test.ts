import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DelayedIndicator } from '#lib/console/ui/delayed-indicator.ts';

describe('the delayed indicator', () => {
	const told: boolean[] = [];
	let patience = new DelayedIndicator(() => {});

	beforeEach(() => {
		vi.useFakeTimers();
		told.length = 0;
		patience = new DelayedIndicator((isShown) => told.push(isShown));
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	it('stays hidden for waits under 200 ms', () => {
		patience.wait(true);
		vi.advanceTimersByTime(199);
		patience.wait(false);
		vi.advanceTimersByTime(1_000);
		expect(told).toEqual([]);
	});

	it('shows for at least 300 ms', () => {
		patience.wait(true);
		vi.advanceTimersByTime(200);
		expect(told).toEqual([true]);
		patience.wait(false);
		vi.advanceTimersByTime(299);
		expect(told).toEqual([true]);
		vi.advanceTimersByTime(1);
		expect(told).toEqual([true, false]);
	});

	it('hides immediately after showing for long enough', () => {
		patience.wait(true);
		vi.advanceTimersByTime(5_000);
		patience.wait(false);
		vi.advanceTimersByTime(0);
		expect(told).toEqual([true, false]);
	});

	it('stays visible if the next wait starts immediately', () => {
		patience.wait(true);
		vi.advanceTimersByTime(250);
		patience.wait(false);
		patience.wait(true);
		vi.advanceTimersByTime(1_000);
		expect(told).toEqual([true]);
	});
});
