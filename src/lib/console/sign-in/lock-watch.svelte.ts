import { onElevation } from '../live/live-events.svelte.ts';

interface Options {
	/** How long the session stays elevated, in milliseconds since the page was loaded; null if nothing locked is shown. */
	readonly lockedInMs: () => number | null;
	/** Loads the page again, or another one. */
	readonly onLocked: () => void;
}

/**
 * Tells when the session is locked, here, in another tab or because its time is over, so that what is locked disappears
 * immediately. It never asks the server while the session is elevated, which would extend that. Call during component setup.
 */
export class LockWatch {
	readonly #options: Options;
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** Nothing locked may be shown any more. */
	isLocked = $state(false);

	constructor(options: Options) {
		this.#options = options;
		$effect(() => {
			const leftMs = options.lockedInMs();
			this.isLocked = false;
			if (leftMs !== null) this.#wait(leftMs);
			return () => clearTimeout(this.#timer);
		});
		onElevation((leftMs) => {
			if (this.#options.lockedInMs() !== null && !this.isLocked) this.#wait(leftMs);
		});
	}

	#wait(leftMs: number): void {
		clearTimeout(this.#timer);
		if (leftMs === 0) this.#lock();
		else this.#timer = setTimeout(() => this.#lock(), leftMs);
	}

	#lock(): void {
		this.isLocked = true;
		this.#options.onLocked();
	}
}
