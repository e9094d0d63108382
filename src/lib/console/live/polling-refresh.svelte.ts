import { invalidateAll } from '$app/navigation';
import { navigating } from '$app/state';

const pauseMs = 1_000;

/**
 * Loads the page anew every second as long as there is something to follow. Whether the server answers is tried first: a
 * failed load would put an error page in this one's place.
 */
export class Follower {
	/** The server did not answer last time; it is tried again. */
	isLost = $state(false);

	/** `address` gives what is followed, or null when that is over. Call it while a component is set up. */
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
				// A load of this page would call off another one that is on its way.
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
