import type { PasswordHasher } from './crypto/password-hasher.ts';
import type { AppEnv } from './config/env.ts';
import type { ChangeHandlers } from './database/change-topics.ts';
import type { ImmichDatabase } from './database/immich-tables.ts';
import type { PoolConnection } from './database/store.ts';
import type { AddJob, Cleanup, Jobs } from './job.ts';
import type { Log } from './log.ts';

/** What the application gives to every feature. `Store` has the repositories that the feature uses. */
export interface Platform<Store> {
	readonly env: AppEnv;
	readonly log: Log;
	readonly store: Store;
	/** For libraries that make queries of their own. */
	readonly pool: PoolConnection['pool'];
	readonly isDatabaseEmbedded: boolean;
	/** The running Immich whose database this is; null if the server has one of its own. */
	readonly immich: ImmichDatabase | null;
	/** Whether all changes of the database currently arrive within moments. */
	readonly changes: { readonly isLive: boolean };
	readonly passwords: PasswordHasher;
}

/** What a feature's `create` function returns. */
export interface Feature {
	/** What other features and the application take from it. */
	readonly [taken: string]: unknown;
	/** For routes; each one under its class's name. */
	readonly services?: object;
	readonly jobs?: Jobs;
	/** Receives what enqueues jobs, once the feature that runs them has started. */
	readonly useQueue?: (add: AddJob) => void;
	/** Run by the job that removes expired rows. */
	readonly cleanup?: Cleanup;
	/** Called when the database reports a change. */
	readonly changes?: ChangeHandlers;
	/** Called once the feature's resource has been added to the list of those to stop. */
	readonly start?: () => Promise<void> | void;
	/** Frees what the feature holds. Features stop in reverse order of their start. */
	readonly stop?: { readonly name: string; readonly run: () => Promise<void> | void };
}
