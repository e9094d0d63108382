import { afterEach, expect, it, vi } from 'vitest';
import { createLog } from '#lib/server/platform/log.ts';
import { Gateway } from '#lib/server/features/realtime/gateway.ts';
import { Recheck } from '#lib/server/features/realtime/recheck.ts';

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

it('looks at every open websocket every half minute, because sessions end by their age without a notification', async () => {
	vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
	const look = vi.spyOn(Recheck.prototype, 'add').mockReturnValue();
	// Nobody is connected, so that nothing but the log is used.
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
