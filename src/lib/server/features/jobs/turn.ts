/** Thrown where work has to stop before its end; the job is put back, and done again from where the data stand. */
export class Interrupted extends Error {
	override readonly name = 'Interrupted';
}

/** The right to work on a job, for as long as it lasts. */
export class Turn {
	readonly #mayWork: () => boolean;
	#isLost = false;

	constructor(mayWork: () => boolean) {
		this.#mayWork = mayWork;
	}

	/** Whether somebody else has the job now. */
	get isLost(): boolean {
		return this.#isLost;
	}

	lose(): void {
		this.#isLost = true;
	}

	/** Called between the steps of a job, each of which is whole by itself. Throws Interrupted. */
	goOn(): void {
		if (this.#isLost || !this.#mayWork()) throw new Interrupted();
	}
}
