import type { QueueName } from '#lib/contract/jobs/queue-names.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { ProfileImageFiles } from '#lib/server/features/profile-images/index.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { JobStore } from './repositories.ts';

/** Enqueues a job; returns null if the same job is already waiting. */
export type AddJob = (name: string, data?: Readonly<Record<string, string>>) => Promise<string | null>;

/** The dependencies of jobs. */
export interface Tools {
	readonly store: JobStore;
	readonly settings: SettingsReader;
	readonly files: ProfileImageFiles;
	readonly log: Log;
	readonly versionUrl: string;
	readonly add: AddJob;
}

export interface Job {
	readonly data: Readonly<Record<string, unknown>>;
	/** Aborted when the job has to stop: `throwIfAborted()` between steps puts it back into the queue. */
	readonly signal: AbortSignal;
}

/** Runs a job in steps, after each of which it can be killed and rerun; returns the result as a sentence. */
export type JobHandler = (tools: Tools, job: Job) => Promise<string>;

/** The queue of the nightly run only; Immich's clients don't know it. */
export const nightlyQueue = 'nightly';

/** Maps job names to their work and queue. */
export type JobRegistry = Readonly<
	Record<string, { readonly queue: QueueName | typeof nightlyQueue; readonly work: JobHandler } | undefined>
>;
