import type { AddJob } from '#lib/server/platform/job.ts';
import type { Log } from '#lib/server/platform/log.ts';

/** Enqueues the jobs of assets. A job that can't be enqueued is made up for by the nightly run. */
export class AssetJobs {
	readonly #log: Log;
	#add: AddJob | null = null;

	constructor(log: Log) {
		this.#log = log;
	}

	/** Sets what enqueues jobs, once their feature has started. */
	use(add: AddJob): void {
		this.#add = add;
	}

	/** An asset was uploaded: its metadata is read, its thumbnails are made, and then its owner's apps are told. */
	uploaded(id: string): Promise<void> {
		return this.#send('AssetExtractMetadata', { id, source: 'upload' });
	}

	/** Assets were marked for removal. */
	deleted(): Promise<void> {
		return this.#send('AssetDelete', {});
	}

	async #send(name: string, data: Readonly<Record<string, string>>): Promise<void> {
		try {
			await this.#add?.(name, data);
		} catch (error) {
			this.#log.warn({ job: name, error }, 'A job could not be enqueued');
		}
	}
}
