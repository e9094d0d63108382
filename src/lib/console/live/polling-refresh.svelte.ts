import { invalidateAll } from '$app/navigation';
import { navigating } from '$app/state';

const pauseMs = 1_000;

/**
 * Reloads the page every second while there is progress to follow. Checks first that the server responds: a failed load would
 * replace this page with an error page.
 */
export class PollingRefresh {
	/** The server did not respond last time; retrying. */
	isLost = $state(false);

	/** `address` returns the URL to follow, or null when finished. Call during component setup. */
	constructor(address: () => string | null) {
		$effect(() => {
			const path = address();
			if (path === null) return;
			const over = new AbortController();
			let timer: ReturnType<typeof setTimeout> | undefined;
			const waitAndLook = () => {
				if (!over.signal.aborted) timer = setTimeout(() => void look(), pauseMs);
			};
			const look = async () => {
				const answer = await fetch(path).catch(() => null);
				if (over.signal.aborted) return;
				this.isLost = answer === null || answer.status >= 500;
				// A reload of this page would cancel a pending navigation.
				if (!this.isLost && navigating.to === null) await invalidateAll();
				waitAndLook();
			};
			waitAndLook();
			return () => {
				over.abort();
				clearTimeout(timer);
			};
		});
	}
}
