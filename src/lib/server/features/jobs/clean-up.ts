import { oldestAllowed } from '#lib/server/features/sessions/index.ts';
import type { JobHandler } from '../job-handler.ts';

/** Removes ended sessions and other expired rows that would only accumulate. */
export const cleanSessions: JobHandler = async ({ store, settings }, { signal }) => {
	await settings.refresh();
	const { cleanup, batches, jobs } = store;
	const oldest = oldestAllowed(settings.current.immichAuth.sessions, new Date());

	async function all(removeSome: () => Promise<number>): Promise<number> {
		let total = 0;
		for (;;) {
			signal.throwIfAborted();
			const removed = await removeSome();
			if (removed === 0) return total;
			total += removed;
		}
	}

	const sessions = await all(() => cleanup.endSessions(oldest));
	const rest = [
		await all(() => cleanup.forgetAttempts()),
		await all(() => cleanup.forgetSignInOrigins()),
		await all(() => cleanup.forgetKeyUsage()),
		await all(() => cleanup.forgetDevices()),
		await all(() => cleanup.forgetNetworks()),
		await all(() => cleanup.forgetFlows()),
		await jobs.forgetHours()
	].reduce((sum, count) => sum + count, 0);
	await batches.tidy();
	return `${sessions} ended ${sessions === 1 ? 'session' : 'sessions'} removed, and ${rest} outdated rows`;
};
