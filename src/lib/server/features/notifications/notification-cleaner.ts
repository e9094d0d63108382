import type { Log } from '#lib/server/platform/log.ts';
import type { NotificationStore } from './repositories.ts';

const cleanEveryMs = 60 * 60 * 1_000;

/** Removes expired notifications: deleted ones after 3 days, read ones after 15, all after 30. */
export class NotificationCleaner {
	readonly #store: NotificationStore;
	readonly #log: Log;
	#timer: ReturnType<typeof setInterval> | undefined;
	#cleaning: Promise<void> = Promise.resolve();

	constructor(store: NotificationStore, log: Log) {
		this.#store = store;
		this.#log = log;
	}

	/** Cleans up now and every hour, in the background. */
	start(): void {
		this.#clean();
		this.#timer = setInterval(() => this.#clean(), cleanEveryMs);
		this.#timer.unref();
	}

	/** Stops the timer and waits for a cleanup in progress. */
	async stop(): Promise<void> {
		clearInterval(this.#timer);
		await this.#cleaning;
	}

	#clean(): void {
		this.#cleaning = this.#store.notifications
			.removeOld()
			.catch((error: unknown) => this.#log.warn({ error }, 'Could not remove old notifications'));
	}
}
