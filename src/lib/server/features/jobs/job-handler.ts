import type { QueueName } from '#lib/contract/jobs/queue-names.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { ProfileImageFiles } from '#lib/server/features/profile-images/index.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { Store } from '#lib/server/app/store.ts';
import type { Turn } from './turn.ts';

/** Has a job done later; null where the same waits already. */
export type AddJob = (name: string, data?: Readonly<Record<string, string>>) => Promise<string | null>;

/** What jobs work with. */
export interface Tools {
	readonly store: Store;
	readonly settings: SettingsReader;
	readonly files: ProfileImageFiles;
	readonly log: Log;
	readonly versionUrl: string;
	readonly add: AddJob;
}

export interface Job {
	readonly data: Readonly<Record<string, unknown>>;
	readonly turn: Turn;
}

/** Does a job, in steps after each of which it may be killed and done anew; says in words what came of it. */
export type Work = (tools: Tools, job: Job) => Promise<string>;

/** The queue that carries nothing but the nightly run; Immich's clients do not know of it. */
export const nightlyQueue = 'nightly';

/** Which work is done under which name, and in which queue. */
export type WorkTable = Readonly<
	Record<string, { readonly queue: QueueName | typeof nightlyQueue; readonly work: Work } | undefined>
>;
