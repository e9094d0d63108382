import type { z } from 'zod';
import { storedForms } from '#lib/contract/email.ts';
import type { SentFile } from '#lib/contract/operation.ts';
import type {
	BatchOutcome,
	UserBatch,
	UserBatchCreateDto,
	UserBatchItem,
	UserBatchStartedDto
} from '#lib/contract/user-batches/user-batch.ts';
import { getSessionId, type Auth } from '#lib/server/platform/caller/caller.ts';
import { createOpener, createSealingKeys } from '#lib/server/platform/crypto/sealing.ts';
import {
	batchNotFound,
	batchRunning,
	batchStarted,
	noPasswordsWaiting,
	nothingFailed,
	wrongDownloadKey
} from './errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { BatchStepRepositories, UserBatchStore } from './repositories.ts';
import type { BatchOptions, BatchRow } from './user-batch.repository.ts';
import { splitIntoPieces } from '#lib/server/platform/pieces.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { csvFile } from '#lib/server/platform/files/csv-file.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';
import type { UserBatchRunner } from './user-batch-runner.ts';
import { readImport } from './user-import.ts';

interface Dependencies {
	readonly store: UserBatchStore;
	readonly runner: UserBatchRunner;
	readonly log: Log;
}

/** The audit event of a bulk action; the changed users get events of their own. */
const toAuditObject = ({ id, kind, total }: BatchRow) => ({
	subject: null,
	object: { kind: 'batch', id, label: kind } as const,
	changes: { total: { from: null, to: total } }
});

const pageSize = 50;
const downloadBatchSize = 500;
/** Number of passwords decrypted before other requests get a turn. */
const openedAtOnce = 100;
const recentCount = 20;

/** Bulk changes and imports of users: drafted, reviewed, started and followed until they finish. */
export class UserBatchService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Drafts a change. */
	async draft(auth: Auth, dto: z.output<typeof UserBatchCreateDto>): Promise<UserBatch> {
		const { kind, ids, filter, quotaSizeInBytes, revokeApiKeys } = dto;
		const options: BatchOptions = {
			...(kind === 'setQuota' && { quota: quotaSizeInBytes ?? null }),
			...(kind === 'resetPassword' && { revokeApiKeys: revokeApiKeys ?? true })
		};
		return this.#make(auth, async ({ batches }) => {
			const id = await batches.create(kind, options, auth.user.id);
			if (ids) await batches.addIds(id, [...new Set(ids)]);
			else if (filter) await batches.addMatching(id, filter);
			return id;
		});
	}

	/** Drafts an import; each line is validated now, and again when its user is created. */
	async draftImport(auth: Auth, csv: string, withPasswords: boolean): Promise<UserBatch> {
		const rows = await readImport(csv);
		const taken = await this.#deps.store.batchWork.findTaken(
			rows.flatMap(({ email }) => storedForms(email)),
			rows.flatMap(({ storageLabel }) => storageLabel ?? [])
		);
		const judged = rows.map((row) => {
			if (row.reason !== null) return row;
			if (storedForms(row.email).some((form) => taken.emails.has(form)))
				return { ...row, reason: 'This email is already in use' };
			const isLabelTaken = row.storageLabel !== null && taken.labels.has(row.storageLabel);
			return isLabelTaken ? { ...row, reason: 'The storage label is in use' } : row;
		});
		return this.#make(auth, async ({ batches }) => {
			const id = await batches.create('create', { withPasswords }, auth.user.id);
			await batches.addImported(id, judged);
			return id;
		});
	}

	/**
	 * Drafts a retry for the users that failed.
	 * @throws {AppError} 400 if none failed, 404 if there is no such bulk action
	 */
	async draftRetry(auth: Auth, id: string): Promise<UserBatch> {
		const { kind, options } = await this.#find(id);
		const { failed } = await this.#deps.store.batches.count(id);
		if (failed === 0) throw nothingFailed();
		return this.#make(auth, async ({ batches }) => {
			const retryId = await batches.create(kind, options, auth.user.id);
			await batches.addFailed(retryId, id);
			return retryId;
		});
	}

	/**
	 * Returns a bulk action and its progress.
	 * @throws {AppError} 404 if there is none
	 */
	async get(id: string): Promise<UserBatch> {
		const batch = await this.#find(id);
		// The instance that worked on it may be gone.
		if (batch.startedAt && !batch.finishedAt) this.#deps.runner.run(id);
		return this.#describe(batch);
	}

	/** Lists the newest; their counts are read one bulk action at a time, of at most 20. */
	async listRecent(): Promise<UserBatch[]> {
		const batches = await this.#deps.store.batches.listRecent(recentCount);
		return Promise.all(batches.map((batch) => this.#describe(batch)));
	}

	/**
	 * Lists the users of a bulk action, with the result of each, page by page.
	 * @throws {AppError} 404 if there is none
	 */
	async listItems(
		id: string,
		outcome: BatchOutcome | 'waiting' | undefined,
		after = 0,
		limit = pageSize
	): Promise<UserBatchItem[]> {
		await this.#find(id);
		return this.#deps.store.batches.listItems(id, outcome, after, limit);
	}

	/**
	 * Starts a draft. The caller becomes its owner and is the only one who can download its passwords.
	 * @throws {AppError} 400 if it has been started, 404 if there is none
	 */
	async start(auth: Auth, id: string): Promise<z.input<typeof UserBatchStartedDto>> {
		const batch = await this.#find(id);
		const makesPasswords = batch.kind === 'resetPassword' || (batch.kind === 'create' && batch.options.withPasswords);
		const keys = makesPasswords ? await createSealingKeys() : null;
		await this.#deps.store.transaction(async (repositories) => {
			const { batches, audit } = repositories;
			const creator = { createdBy: auth.user.id, createdBySession: getSessionId(auth) };
			if (!(await batches.start(id, creator, keys))) throw batchStarted();
			await requireLiveAdmin(repositories, auth);
			await audit.record(buildAuditEntry(auth, { action: 'batch.start', ...toAuditObject(batch) }));
		});
		this.#deps.log.info({ batchId: id, kind: batch.kind, by: auth.user.id, total: batch.total }, 'Batch started');
		this.#deps.runner.run(id);
		return { downloadKey: keys?.downloadKey ?? null };
	}

	/**
	 * Deletes a bulk action and its results.
	 * @throws {AppError} 400 while it is running, 404 if there is none
	 */
	async discard(auth: Auth, id: string): Promise<void> {
		const batch = await this.#find(id);
		await this.#deps.store.transaction(async (repositories) => {
			const { batches, audit } = repositories;
			if (!(await batches.discard(id))) throw batchRunning();
			await requireLiveAdmin(repositories, auth);
			await audit.record(buildAuditEntry(auth, { action: 'batch.discard', ...toAuditObject(batch) }));
		});
	}

	/** Returns a file with the outcome of each item. */
	async download(id: string): Promise<SentFile> {
		const { kind } = await this.#find(id);
		const header = ['line', 'email', 'name', 'outcome', 'reason', 'userId'];
		return csvFile(`${kind}-result`, header, this.#resultRows(id));
	}

	/**
	 * Returns the temporary passwords once.
	 * @throws {AppError} 400 for a wrong key, 404 if none are waiting
	 */
	async takePasswords(auth: Auth, id: string, downloadKey: string): Promise<SentFile> {
		const batch = await this.#find(id);
		const { openingKey } = batch;
		if (openingKey === null) throw noPasswordsWaiting();
		const open = await createOpener(openingKey, downloadKey);
		if (!open) throw wrongDownloadKey();
		const sealed = await this.#deps.store.transaction(async (repositories) => {
			const { batches, audit } = repositories;
			const taken = await batches.takePasswords(id);
			await requireLiveAdmin(repositories, auth);
			if (taken.length === 0) throw noPasswordsWaiting();
			const changes = { total: { from: null, to: taken.length } };
			await audit.record(buildAuditEntry(auth, { action: 'batch.takePasswords', ...toAuditObject(batch), changes }));
			return taken;
		});
		const rows: (readonly [string, string])[] = [];
		for await (const piece of splitIntoPieces(sealed, openedAtOnce))
			rows.push(
				...(await Promise.all(
					piece.map(async ({ email, sealedPassword }) => [email, await open(sealedPassword)] as const)
				))
			);
		return csvFile('temporary-passwords', ['email', 'password'], [rows]);
	}

	async *#resultRows(id: string) {
		let after = 0;
		let items: readonly UserBatchItem[];
		do {
			items = await this.#deps.store.batches.listItems(id, undefined, after, downloadBatchSize);
			yield items.map((item) => [
				item.position,
				item.email,
				item.name,
				item.outcome ?? 'waiting',
				item.reason,
				item.userId
			]);
			after = items.at(-1)?.position ?? after;
		} while (items.length === downloadBatchSize);
	}

	async #make(auth: Auth, write: (repositories: BatchStepRepositories) => Promise<string>): Promise<UserBatch> {
		const { store } = this.#deps;
		await store.batches.tidy();
		const id = await store.transaction(async (repositories) => {
			await requireLiveAdmin(repositories, auth);
			return write(repositories);
		});
		return this.get(id);
	}

	async #find(id: string): Promise<BatchRow> {
		const batch = await this.#deps.store.batches.find(id);
		if (!batch) throw batchNotFound();
		return batch;
	}

	async #describe(batch: BatchRow): Promise<UserBatch> {
		const { id, kind, options, total, createdBy, createdAt, startedAt, finishedAt } = batch;
		return {
			id,
			kind,
			state: finishedAt ? 'finished' : startedAt ? 'running' : 'draft',
			...(kind === 'setQuota' && { quotaSizeInBytes: options.quota ?? null }),
			total,
			...(await this.#deps.store.batches.count(id)),
			createdBy,
			createdAt: createdAt.toISOString(),
			startedAt: startedAt?.toISOString() ?? null,
			finishedAt: finishedAt?.toISOString() ?? null
		};
	}
}
