import { afterEach, expect, it, vi } from 'vitest';
import { createLog } from '#lib/server/platform/log.ts';
import { Gateway } from '#lib/server/features/realtime/gateway.ts';
import { Recheck } from '#lib/server/features/realtime/recheck.ts';

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

it('checks every open websocket every 30 seconds, because sessions expire without a notification', async () => {
	vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
	const look = vi.spyOn(Recheck.prototype, 'add').mockReturnValue();
	// No one is connected, so only the log is used.
	const gateway = new Gateway({ log: createLog('fatal') } as ConstructorParameters<typeof Gateway>[0]);
	vi.advanceTimersByTime(29_000);
	expect(look).not.toHaveBeenCalled();
	vi.advanceTimersByTime(1_000);
	expect(look.mock.calls).toEqual([[null]]);
	vi.advanceTimersByTime(60_000);
	expect(look).toHaveBeenCalledTimes(3);
	await gateway.stop();
	vi.advanceTimersByTime(120_000);
	expect(look).toHaveBeenCalledTimes(3);
});
