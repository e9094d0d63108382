const waitMs = 200;
const shownMs = 300;

/**
 * Decides when a loading indicator is shown: not before 200 ms, because most loads finish sooner, and then for at least 300
 * ms, because flashing is distracting.
 */
export class DelayedIndicator {
	readonly #onChange: (isShown: boolean) => void;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#shownSinceMs: number | null = null;

	constructor(onChange: (isShown: boolean) => void) {
		this.#onChange = onChange;
	}

	/** Call when loading starts or ends. */
	wait(isPending: boolean): void {
		clearTimeout(this.#timer);
		if (isPending) {
			if (this.#shownSinceMs === null) this.#timer = setTimeout(this.#show, waitMs);
		} else if (this.#shownSinceMs !== null) {
			this.#timer = setTimeout(this.#hide, Math.max(shownMs - (Date.now() - this.#shownSinceMs), 0));
		}
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	readonly #show = (): void => {
		this.#shownSinceMs = Date.now();
		this.#onChange(true);
	};

	readonly #hide = (): void => {
		this.#shownSinceMs = null;
		this.#onChange(false);
	};
}
