import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { createSealer } from '#lib/server/platform/crypto/sealing.ts';
import { newTemporaryPassword, temporaryPasswordExpiry } from '#lib/server/platform/crypto/temporary-password.ts';
import { readSignInWays, type SettingsReader } from '#lib/server/features/settings/index.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import type { BatchStepRepositories, UserBatchStore } from './repositories.ts';
import {
	deleteUsers,
	requireChange,
	resetPasswords,
	restoreUsers,
	setQuota,
	unlinkUsers,
	type ChunkChange
} from './user-batch-changes.sql.ts';
import type { BatchRow } from './user-batch.repository.ts';

interface Dependencies {
	readonly store: UserBatchStore;
	readonly passwords: PasswordHasher;
	readonly settings: SettingsReader;
	readonly log: Log;
	/** Work pauses during maintenance and resumes afterwards. */
	readonly isPaused: () => boolean;
}

/** Users changed per statement, which takes a fraction of a second. */
const chunkSize = 2_500;
/** Passwords hashed before they are written, which takes half a second. */
const passwordChunkSize = 8;
const newUserChunkSize = 1_000;

/** How often it looks for work abandoned by another instance. */
const searchMs = 15_000;

/** Bulk actions that can take an admin's last way to sign in. */
const takesWays: ReadonlySet<BatchRow['kind']> = new Set(['delete', 'unlinkOAuth']);

const noLongerAdmin = 'The user who started this is no longer an administrator';

const JsonWebKey = z.looseObject({ kty: z.string() });
const ImportInput = z.object({
	email: z.string(),
	name: z.string(),
	isAdmin: z.boolean(),
	storageLabel: z.string().nullable(),
	quotaSizeInBytes: z.number().nullable()
});

type Seal = (text: string) => Promise<string>;

/** Runs started bulk actions chunk by chunk, each on one instance only. */
export class UserBatchRunner {
	readonly #deps: Dependencies;
	readonly #running = new Map<string, Promise<void>>();
	#isStopping = false;
	#search: ReturnType<typeof setInterval> | undefined;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Resumes what an earlier process left unfinished, and periodically what other instances abandoned. */
	async watch(): Promise<void> {
		await this.#resume();
		this.#search = setInterval(() => {
			this.#resume().catch((error: unknown) => this.#deps.log.warn({ error }, 'Could not look for unfinished batches'));
		}, searchMs);
		this.#search.unref();
	}

	/** Starts work on a bulk action unless it is already running; returns immediately. */
	run(id: string): void {
		if (this.#isStopping || this.#deps.isPaused() || this.#running.has(id)) return;
		const work = this.#work(id)
			.catch((error: unknown) => this.#deps.log.error({ batchId: id, error }, 'A batch has stopped'))
			.finally(() => this.#running.delete(id));
		this.#running.set(id, work);
	}

	/** Stops after the current chunk; a later start resumes from there. */
	async stop(): Promise<void> {
		this.#isStopping = true;
		clearInterval(this.#search);
		await Promise.all(this.#running.values());
	}

	async #resume(): Promise<void> {
		for (const id of await this.#deps.store.batches.listUnfinished()) this.run(id);
	}

	async #work(id: string): Promise<void> {
		const { batches } = this.#deps.store;
		if (!(await batches.lease(id))) return;
		try {
			const batch = await batches.find(id);
			if (!batch) return;
			const step = await this.#chooseStep(batch);
			while (!this.#isStopping && !this.#deps.isPaused()) {
				if ((await step()) === 0) return await this.#finish(batch);
				await batches.lease(id, { isRenewed: true });
			}
			await batches.release(id);
		} catch (error) {
			await batches.release(id);
			throw error;
		}
	}

	/** Finishes a bulk action and notifies the admin who started it. */
	async #finish({ id, kind, createdBy }: BatchRow): Promise<void> {
		await this.#deps.store.transaction(async ({ batches, users, notifications }) => {
			if (!(await batches.finish(id)) || !(await users.find(createdBy))) return;
			await notifications.create(createdBy, notices.batchFinished(id, kind, await batches.count(id)));
		});
	}

	/** Returns the function that processes the next chunk and returns the number of users processed. */
	async #chooseStep(batch: BatchRow): Promise<() => Promise<number>> {
		const { id, kind, options, createdBy } = batch;
		const change = (made: ChunkChange) => () =>
			this.#asAdmin(batch, ({ batchWork }) => batchWork.changeNext(id, made, chunkSize));
		switch (kind) {
			case 'requireChange':
				return change(requireChange(createdBy));
			case 'setQuota':
				return change(setQuota(options));
			case 'delete':
				return () => this.#deleteNext(batch);
			case 'restore':
				return change(restoreUsers);
			case 'unlinkOAuth':
				return () => this.#unlinkNext(batch);
			case 'resetPassword': {
				const seal = await createBatchSealer(batch);
				return () => this.#resetNext(batch, seal);
			}
			case 'create': {
				const seal = options.withPasswords ? await createBatchSealer(batch) : null;
				return () => this.#createNext(batch, seal);
			}
		}
	}

	#deleteNext(batch: BatchRow): Promise<number> {
		return this.#asAdmin(batch, async (repositories) => {
			const ways = await readSignInWays(repositories, this.#deps.settings);
			const change = deleteUsers(batch.createdBy, batch.id, ways);
			return repositories.batchWork.changeNext(batch.id, change, chunkSize);
		});
	}

	#unlinkNext(batch: BatchRow): Promise<number> {
		return this.#asAdmin(batch, async (repositories) => {
			const { isPasswordLoginOn } = await readSignInWays(repositories, this.#deps.settings);
			const change = unlinkUsers(batch.createdBySession, isPasswordLoginOn, notices.unlinkedByAdmin);
			return repositories.batchWork.changeNext(batch.id, change, chunkSize);
		});
	}

	async #resetNext(batch: BatchRow, seal: Seal): Promise<number> {
		const { store, settings } = this.#deps;
		const waiting = await store.batchWork.listWaiting(batch.id, passwordChunkSize);
		const made = await Promise.all(
			waiting.map(async ({ position }) => ({ position, ...(await this.#makePassword(seal)) }))
		);
		const expiresAt = temporaryPasswordExpiry(settings.current);
		const change = resetPasswords(batch.createdBy, batch.options, expiresAt, notices.passwordReset);
		await this.#asAdmin(batch, ({ batchWork }) => batchWork.changeWith(batch.id, change, made));
		return waiting.length;
	}

	async #createNext(batch: BatchRow, seal: Seal | null): Promise<number> {
		const { store, settings } = this.#deps;
		const size = seal ? passwordChunkSize : newUserChunkSize;
		const waiting = await store.batchWork.listWaiting(batch.id, size);
		const rows = await Promise.all(
			waiting.map(async ({ position, input }) => ({
				position,
				id: randomUUID(),
				groupId: randomUUID(),
				...ImportInput.parse(input),
				...(seal ? await this.#makePassword(seal) : { passwordHash: null, sealedPassword: null })
			}))
		);
		const expiresAt = seal ? temporaryPasswordExpiry(settings.current) : null;
		await this.#asAdmin(batch, async ({ batchWork }) => {
			await batchWork.make(batch.id, rows, batch.createdBy, expiresAt);
			return waiting.length;
		});
		return waiting.length;
	}

	async #makePassword(seal: Seal): Promise<{ passwordHash: string; sealedPassword: string }> {
		const password = newTemporaryPassword();
		const passwordHash = await this.#deps.passwords.hashLater(password);
		return { passwordHash, sealedPassword: await seal(password) };
	}

	/** Works with the rights of the admin who started it, as long as they are still an admin. */
	#asAdmin(batch: BatchRow, work: (repositories: BatchStepRepositories) => Promise<number>): Promise<number> {
		return this.#deps.store.transaction(async (repositories) => {
			const { users, batches } = repositories;
			if (takesWays.has(batch.kind)) await users.lockAdmins();
			if ((await users.find(batch.createdBy))?.isAdmin) return work(repositories);
			await batches.failWaiting(batch.id, noLongerAdmin);
			return 0;
		});
	}
}

const createBatchSealer = ({ sealingKey }: BatchRow): Promise<Seal> => createSealer(JsonWebKey.parse(sealingKey));
