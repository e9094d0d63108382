/** Thrown if work must stop early; the job returns to the queue and runs again from the current data. */
export class Interrupted extends Error {
	override readonly name = 'Interrupted';
}

/** The right to work on a job, until it is lost. */
export class Turn {
	readonly #mayWork: () => boolean;
	#isLost = false;

	constructor(mayWork: () => boolean) {
		this.#mayWork = mayWork;
	}

	/** Whether another worker has the job now. */
	get isLost(): boolean {
		return this.#isLost;
	}

	lose(): void {
		this.#isLost = true;
	}

	/**
	 * Called between the steps of a job, each of which is complete on its own.
	 * @throws {Interrupted} if another worker has the job or the server stops
	 */
	goOn(): void {
		if (this.#isLost || !this.#mayWork()) throw new Interrupted();
	}
}
