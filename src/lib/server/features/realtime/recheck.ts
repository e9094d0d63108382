import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#lib/server/platform/log.ts';

const retryMs = 1_000;

/** Rechecks users’ connections, one check at a time: changes in the meantime are covered by the next one. */
export class Recheck {
	readonly #check: (userIds: readonly string[] | null) => Promise<void>;
	readonly #log: Log;
	readonly #waiting = new Set<string>();
	readonly #stopped = new AbortController();
	#isEveryUser = false;
	#working: Promise<void> | null = null;

	constructor(check: (userIds: readonly string[] | null) => Promise<void>, log: Log) {
		this.#check = check;
		this.#log = log;
	}

	/** Queues a check of one user, or of all. */
	add(userId: string | null): void {
		if (userId === null) this.#isEveryUser = true;
		else this.#waiting.add(userId);
		this.#working ??= this.#work();
	}

	/** Waits for the check in progress; nothing more is checked. */
	async stop(): Promise<void> {
		this.#stopped.abort();
		await this.#working;
	}

	async #work(): Promise<void> {
		while (!this.#stopped.signal.aborted && (this.#isEveryUser || this.#waiting.size > 0)) {
			const userIds = this.#isEveryUser ? null : [...this.#waiting];
			this.#isEveryUser = false;
			this.#waiting.clear();
			try {
				await this.#check(userIds);
			} catch (error) {
				// The database is unavailable: check everyone as soon as it is back.
				this.#isEveryUser = true;
				this.#log.warn({ error }, 'Websockets could not be looked at');
				await sleep(retryMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
			}
		}
		// In the same tick as the loop condition, so that nothing is added in between.
		this.#working = null;
	}
}
