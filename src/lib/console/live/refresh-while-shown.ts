import { invalidate } from '$app/navigation';
import { lookAgain } from '../maintenance/maintenance-watch.svelte.ts';

/**
 * Loads what depends on `key` anew, again and again while the page is shown. Whether `address` answers is tried first: a
 * failed load would put an error page in this one's place. Ends by what it returns.
 */
export const refreshWhileShown = (address: string, key: `${string}:${string}`, pauseMs: number): (() => void) =>
	lookAgain(
		async () => {
			const answer = await fetch(address).catch(() => null);
			if (answer?.ok) await invalidate(key);
		},
		() => pauseMs
	);
