import { coalesced } from './coalesced.ts';

interface Options<Value> {
	readonly read: () => Promise<Value>;
	/** Called after every read; `isChanged` is true if the value differs from the previous one. */
	readonly onRead: (value: Value, isChanged: boolean) => void;
	/** Called when a read in the background has failed. */
	readonly onFailure: (error: unknown) => void;
}

const retryMs = 1_000;

/** Keeps a document of the database in memory. It is reread whenever the database reports a change. */
export class CachedDocument<Value> {
	/** Rereads the document; calls during a read share one further read. */
	readonly refresh: () => Promise<void>;
	readonly #options: Options<Value>;
	#value: Value;
	#seen: string;
	#retry: ReturnType<typeof setTimeout> | undefined;
	#isStopped = false;

	constructor(value: Value, options: Options<Value>) {
		this.#value = value;
		this.#seen = JSON.stringify(value);
		this.#options = options;
		this.refresh = coalesced(() => this.#read());
	}

	/** The document as of the last successful read. */
	get current(): Value {
		return this.#value;
	}

	/** Rereads the document; a failed read is retried in the background until the database responds. */
	async follow(): Promise<void> {
		try {
			await this.refresh();
		} catch (error) {
			this.#options.onFailure(error);
			clearTimeout(this.#retry);
			if (this.#isStopped) return;
			this.#retry = setTimeout(() => void this.follow(), retryMs);
			this.#retry.unref();
		}
	}

	/** Stops retries. */
	stop(): void {
		this.#isStopped = true;
		clearTimeout(this.#retry);
	}

	async #read(): Promise<void> {
		const value = await this.#options.read();
		const seen = JSON.stringify(value);
		const isChanged = seen !== this.#seen;
		this.#value = value;
		this.#seen = seen;
		this.#options.onRead(value, isChanged);
	}
}
