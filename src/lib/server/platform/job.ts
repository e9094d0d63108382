import type { QueueName } from '#lib/contract/jobs/queue-names.ts';

/** Enqueues a job; returns null if the same job is already waiting. */
export type AddJob = (name: string, data?: Readonly<Record<string, string>>) => Promise<string | null>;

export interface Job {
	readonly data: Readonly<Record<string, unknown>>;
	/** Aborted when the job has to stop: `throwIfAborted()` between steps puts it back into the queue. */
	readonly signal: AbortSignal;
	readonly add: AddJob;
}

/** Runs a job in steps, after each of which it can be killed and rerun; returns the result as a sentence. */
export type JobHandler = (job: Job) => Promise<string>;

export interface JobDefinition {
	readonly queue: QueueName;
	readonly work: JobHandler;
	/** Whether the next nightly run includes it, by the current settings; no nightly run does if absent. */
	readonly isNightly?: () => boolean;
	/** Whether a running Immich on the same database does it: nothing is done here then. */
	readonly isImmichs?: true;
}

/** Jobs by name. */
export type Jobs = Readonly<Record<string, JobDefinition>>;

/** Removes one chunk of rows, and returns how many; 0 means that none are left. */
export type RemoveChunk = () => Promise<number>;

/** What removes rows that have expired, by what they are. */
export type Cleanup = Readonly<Record<string, RemoveChunk>>;
