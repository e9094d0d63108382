import { z } from 'zod';
import {
	type FailedJob,
	type JobHour,
	type JobsView,
	type NightlyOutcome,
	type NightlyView,
	type QueueDto,
	type QueueJob,
	type QueueLegacyDto,
	type QueueStatistics
} from '#lib/contract/jobs/queue.ts';
import {
	jobNames,
	jobStatuses,
	queueNames,
	type JobStatus,
	type ManualJobName,
	type QueueCommand,
	type QueueName,
	type WorkName
} from '#lib/contract/jobs/queue-names.ts';
import type { AuditAction } from '#lib/contract/audit/audit.ts';
import { VersionCheckStateResponseDto, type VersionCheckState } from '#lib/contract/server-info/version-check.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { invalidJobName, jobRunning, unpausableQueue } from './errors.ts';
import type { JobQueues } from './job-queues.ts';
import { nextDue, readNightlyRun } from './nightly.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { type AuditRepository, buildAuditEntry } from '#lib/server/features/audit/index.ts';
import type { DroppedJobs } from './job-enqueue.repository.ts';
import type { JobRow, QueueCounts } from './job.repository.ts';
import type { JobStore } from './repositories.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';

interface Dependencies {
	readonly store: JobStore;
	readonly queues: JobQueues;
	readonly settings: SettingsReader;
	readonly log: Log;
}

/** The one job of Immich's manual jobs that has work here. */
const manualJobs: Readonly<Partial<Record<ManualJobName, WorkName>>> = { 'user-cleanup': 'UserDeleteCheck' };

/** Queues that Immich can't start as a whole. Source: docs/wire-reference/queues-and-jobs.md#job-endpoints. */
const unstartable: readonly QueueName[] = [
	'backgroundTask',
	'search',
	'notifications',
	'workflow',
	'integrityCheck',
	'editor'
];

const shownFailures = 50;
const shownHours = 24;
const hourMs = 3_600_000;

const Payload = z.object({ name: z.enum(jobNames), data: z.record(z.string(), z.unknown()).default({}) });
const Output = z.object({ result: z.string().optional(), reason: z.string().optional() });
/** What pg-boss stores for a job whose heartbeat expired. */
const Silence = z.object({ value: z.object({ message: z.string() }) });

/** Queues and jobs, as admins see and manage them. */
export class QueueService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	async list(): Promise<QueueDto[]> {
		const { jobs } = this.#deps.store;
		const [counts, paused] = await Promise.all([jobs.count(), jobs.listPaused()]);
		return queueNames.map((name) => toQueueDto(name, counts, paused.includes(name)));
	}

	async get(name: QueueName): Promise<QueueDto> {
		const { jobs } = this.#deps.store;
		const [counts, isPaused] = await Promise.all([jobs.count(), jobs.isPaused(name)]);
		return toQueueDto(name, counts, isPaused);
	}

	/** @throws {AppError} 400 for a queue that can't be paused */
	async update(auth: Auth, name: QueueName, { isPaused }: { isPaused?: boolean | undefined }): Promise<QueueDto> {
		if (isPaused !== undefined) await this.#setPaused(auth, name, isPaused);
		return this.get(name);
	}

	/** Lists jobs by status; all statuses by default. */
	async listJobs(name: QueueName, wanted: readonly JobStatus[] = jobStatuses): Promise<QueueJob[]> {
		const { jobs } = this.#deps.store;
		const isPaused = await jobs.isPaused(name);
		// In a paused queue, waiting jobs count as paused.
		const statuses = wanted.filter((status) => status !== (isPaused ? 'waiting' : 'paused'));
		return (await jobs.list(name, statuses)).flatMap(toQueueJob);
	}

	/** Drops jobs that have not started, and failed ones on request. */
	async empty(auth: Auth, name: QueueName, { failed = false }: { failed?: boolean | undefined }): Promise<void> {
		await this.#drop(auth, 'queue.empty', name, { waiting: true, failed });
	}

	/** Retries failed jobs. */
	async retry(auth: Auth, name: QueueName): Promise<QueueDto> {
		const { store, queues } = this.#deps;
		await store.transaction(async (repositories) => {
			const { jobEnqueue, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			if ((await jobEnqueue.retryFailed(name)) > 0) await this.#record(audit, auth, 'queue.retry', 'queue', name);
		});
		queues.wake(name);
		return this.get(name);
	}

	/** @throws {AppError} 400 for a job without work here */
	async start(auth: Auth, queue: QueueName, name: WorkName): Promise<void> {
		const { store, queues } = this.#deps;
		if (queue !== 'backgroundTask') throw invalidJobName(name);
		await store.transaction(async (repositories) => {
			const { jobEnqueue, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			await queues.addInTransaction(name, jobEnqueue);
			await this.#record(audit, auth, 'job.start', 'job', name);
		});
		queues.wake(queue);
	}

	/** @throws {AppError} 400 for a job without work here, as most of Immich's names */
	async startByHand(auth: Auth, name: ManualJobName): Promise<void> {
		const work = manualJobs[name];
		if (!work) throw invalidJobName();
		await this.start(auth, 'backgroundTask', work);
	}

	/** Lists the queues by name, for Immich's older clients. */
	async listLegacy(): Promise<Record<QueueName, QueueLegacyDto>> {
		const queues = await this.list();
		const entries = queues.map((queue) => [queue.name, toLegacyDto(queue)] as const);
		return Object.fromEntries(entries) as Record<QueueName, QueueLegacyDto>; // `list` returns every queue.
	}

	/** @throws {AppError} 400 for a command that the queue doesn't support */
	async command(auth: Auth, name: QueueName, command: QueueCommand): Promise<QueueLegacyDto> {
		switch (command) {
			case 'start':
				await this.#startAll(auth, name);
				break;
			case 'pause':
			case 'resume':
				// Immich accepts this for the queue that can't be paused, and ignores it.
				if (name === 'backgroundTask' && command === 'pause') break;
				await this.#setPaused(auth, name, command === 'pause');
				break;
			case 'empty':
				await this.empty(auth, name, {});
				break;
			case 'clear-failed':
				await this.#drop(auth, 'queue.clearFailed', name, { failed: true });
		}
		return toLegacyDto(await this.get(name));
	}

	/** Everything the console shows, in a bounded number of rows. */
	async view(): Promise<JobsView> {
		const { store, queues } = this.#deps;
		const [all, failures, nightly, hours] = await Promise.all([
			this.list(),
			store.jobs.listFailed(shownFailures),
			this.#nightly(),
			this.#hours()
		]);
		const shown = all.map((queue) => ({
			...queue,
			hasWork: queues.hasWork(queue.name),
			isPausable: queue.name !== 'backgroundTask'
		}));
		return { queues: shown, failures: failures.map(toFailedJob), nightly, hours };
	}

	/** The result of the last version check. */
	async versionCheck(): Promise<VersionCheckState> {
		const stored = await this.#deps.store.metadata.getForSystem('version-check-state');
		return VersionCheckStateResponseDto.safeParse(stored).data ?? { checkedAt: null, releaseVersion: null };
	}

	/** Immich enqueues a job for all photos. Here thumbnails are made, after reading the metadata; others have nothing to do. */
	async #startAll(auth: Auth, name: QueueName): Promise<void> {
		if (await this.#deps.store.jobs.hasActive(name)) throw jobRunning();
		if (unstartable.includes(name)) throw invalidJobName(name);
		if (name === 'thumbnailGeneration' || name === 'metadataExtraction')
			await this.start(auth, 'backgroundTask', 'AssetGenerateThumbnailsQueueAll');
	}

	async #setPaused(auth: Auth, name: QueueName, isPaused: boolean): Promise<void> {
		if (name === 'backgroundTask' && isPaused) throw unpausableQueue();
		const { store, queues } = this.#deps;
		await store.transaction(async (repositories) => {
			const { queueStates, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			if (!(await queueStates.setPaused(name, isPaused))) return;
			const object = { kind: 'queue', id: null, label: name } as const;
			await audit.record(
				buildAuditEntry(auth, { action: isPaused ? 'queue.pause' : 'queue.resume', subject: null, object })
			);
		});
		if (!isPaused) queues.wake(name);
	}

	async #drop(auth: Auth, action: AuditAction, name: QueueName, which: DroppedJobs): Promise<void> {
		await this.#deps.store.transaction(async (repositories) => {
			const { jobEnqueue, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			await jobEnqueue.drop(name, which);
			await this.#record(audit, auth, action, 'queue', name);
		});
	}

	async #record(audit: AuditRepository, auth: Auth, action: AuditAction, kind: 'queue' | 'job', label: string) {
		await audit.record(buildAuditEntry(auth, { action, subject: null, object: { kind, id: null, label } }));
		this.#deps.log.info({ userId: auth.user.id, [kind]: label }, `Jobs: ${action}`);
	}

	async #nightly(): Promise<NightlyView> {
		const { store, settings } = this.#deps;
		const nextAt = nextDue(settings.current.system.nightlyTasks.startTime, new Date()).toISOString();
		const run = await readNightlyRun(store.metadata);
		if (run?.at == null) return { nextAt, last: null };
		const ids = run.jobs.map(({ id }) => id);
		const rows = new Map((await store.jobs.listByIds('backgroundTask', ids)).map((row) => [row.id, row]));
		const outcomes = run.jobs.map(({ name, id }) => toNightlyOutcome(name, rows.get(id)));
		return { nextAt, last: { at: run.at, outcomes } };
	}

	/** The last 24 hours, the current one last, including those in which nothing ended. */
	async #hours(): Promise<JobHour[]> {
		const current = Math.floor(Date.now() / hourMs) * hourMs;
		const first = current - (shownHours - 1) * hourMs;
		const rows = await this.#deps.store.jobs.listHours(new Date(first));
		const counted = new Map(rows.map((row) => [row.hour.getTime(), row]));
		return Array.from({ length: shownHours }, (_, index) => {
			const at = first + index * hourMs;
			const { finished = 0, failed = 0 } = counted.get(at) ?? {};
			return { hour: new Date(at).toISOString(), finished, failed };
		});
	}
}

function toQueueDto(name: QueueName, counts: readonly QueueCounts[], isPaused: boolean): QueueDto {
	const found = counts.find(({ queue }) => queue === name);
	const { active = 0, completed = 0, failed = 0, delayed = 0, waiting = 0 } = found ?? {};
	const held: Pick<QueueStatistics, 'waiting' | 'paused'> = isPaused
		? { waiting: 0, paused: waiting }
		: { waiting, paused: 0 };
	return { name, isPaused, statistics: { active, completed, failed, delayed, ...held } };
}

const toLegacyDto = ({ isPaused, statistics }: QueueDto): QueueLegacyDto => ({
	jobCounts: statistics,
	queueStatus: { isActive: statistics.active > 0, isPaused }
});

/** Omits jobs whose name Immich's clients can't parse. */
function toQueueJob({ id, data, createdAt }: JobRow): QueueJob[] {
	const payload = Payload.safeParse(data).data;
	return payload ? [{ id, name: payload.name, timestamp: createdAt.getTime(), data: payload.data }] : [];
}

function toFailedJob({ id, queue, data, output, retryCount, completedAt, createdAt }: JobRow): FailedJob {
	const reason = Output.safeParse(output).data?.reason;
	const isSilent = Silence.safeParse(output).success;
	return {
		id,
		queue,
		name: z.object({ name: z.string() }).safeParse(data).data?.name ?? 'unknown',
		failedAt: (completedAt ?? createdAt).toISOString(),
		attempts: retryCount + 1,
		reason: reason ?? (isSilent ? 'The worker stopped responding' : 'Unknown')
	};
}

function toNightlyOutcome(name: string, row: JobRow | undefined): NightlyOutcome {
	if (!row) return { name, state: 'done', result: null };
	const { result, reason } = Output.safeParse(row.output).data ?? {};
	switch (row.state) {
		case 'active':
			return { name, state: 'active', result: null };
		case 'completed':
		case 'cancelled':
			return { name, state: 'done', result: result ?? null };
		case 'failed':
			return { name, state: 'failed', result: reason ?? null };
		case 'created':
		case 'retry':
			return { name, state: 'waiting', result: reason ?? null };
	}
}
