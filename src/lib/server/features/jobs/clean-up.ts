import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { JobHandler, RemoveChunk } from '#lib/server/platform/job.ts';

interface Dependencies {
	readonly settings: SettingsReader;
	/** By what they remove. */
	readonly removals: ReadonlyMap<string, RemoveChunk>;
}

/** Removes ended sessions and other expired rows that would only accumulate. */
export const cleanUp =
	({ settings, removals }: Dependencies): JobHandler =>
	async ({ signal }) => {
		await settings.refresh();
		let [sessions, rest] = [0, 0];
		for (const [what, removeChunk] of removals) {
			const removed = await removeAll(removeChunk, signal);
			if (what === 'sessions') sessions = removed;
			else rest += removed;
		}
		return `${sessions} ended ${sessions === 1 ? 'session' : 'sessions'} removed, and ${rest} outdated rows`;
	};

async function removeAll(removeChunk: RemoveChunk, signal: AbortSignal): Promise<number> {
	for (let total = 0; ;) {
		signal.throwIfAborted();
		const removed = await removeChunk();
		if (removed === 0) return total;
		total += removed;
	}
}
