import { invalidate } from '$app/navigation';
import { lookAgain } from '../maintenance/maintenance-watch.svelte.ts';

/**
 * Periodically reloads what depends on `key` while the page is visible. Checks first that `address` responds: a failed load
 * would replace this page with an error page. Returns a function that stops it.
 */
export const refreshWhileShown = (address: string, key: `${string}:${string}`, pauseMs: number): (() => void) =>
	lookAgain(
		async () => {
			const answer = await fetch(address).catch(() => null);
			if (answer?.ok) await invalidate(key);
		},
		() => pauseMs
	);
