import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Patience } from '#lib/console/ui/delayed-indicator.ts';

describe('patience', () => {
	const told: boolean[] = [];
	let patience = new Patience(() => {});

	beforeEach(() => {
		vi.useFakeTimers();
		told.length = 0;
		patience = new Patience((isShown) => told.push(isShown));
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	it('says nothing of what comes within 200 ms', () => {
		patience.wait(true);
		vi.advanceTimersByTime(199);
		patience.wait(false);
		vi.advanceTimersByTime(1_000);
		expect(told).toEqual([]);
	});

	it('shows for 300 ms at least', () => {
		patience.wait(true);
		vi.advanceTimersByTime(200);
		expect(told).toEqual([true]);
		patience.wait(false);
		vi.advanceTimersByTime(299);
		expect(told).toEqual([true]);
		vi.advanceTimersByTime(1);
		expect(told).toEqual([true, false]);
	});

	it('hides at once what was shown for long', () => {
		patience.wait(true);
		vi.advanceTimersByTime(5_000);
		patience.wait(false);
		vi.advanceTimersByTime(0);
		expect(told).toEqual([true, false]);
	});

	it('stays where the next wait begins at once', () => {
		patience.wait(true);
		vi.advanceTimersByTime(250);
		patience.wait(false);
		patience.wait(true);
		vi.advanceTimersByTime(1_000);
		expect(told).toEqual([true]);
	});
});
