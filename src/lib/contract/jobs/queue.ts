import { z } from 'zod';
import { defineForm, defineOperations } from '../operation.ts';
import { jobNames, jobStatuses, manualJobNames, queueCommands, queueNames, workNames } from './queue-names.ts';

const count = z.int();
export const QueueStatisticsDto = z
	.object({ active: count, completed: count, failed: count, delayed: count, waiting: count, paused: count })
	.meta({ id: 'QueueStatisticsDto' });
export type QueueStatistics = z.output<typeof QueueStatisticsDto>;

const name = z.enum(queueNames);
export const QueueResponseDto = z
	.object({ name, isPaused: z.boolean(), statistics: QueueStatisticsDto })
	.meta({ id: 'QueueResponseDto' });
export type QueueDto = z.output<typeof QueueResponseDto>;

export const QueueResponseLegacyDto = z
	.object({ jobCounts: QueueStatisticsDto, queueStatus: z.object({ isActive: z.boolean(), isPaused: z.boolean() }) })
	.meta({ id: 'QueueResponseLegacyDto' });
export type QueueLegacyDto = z.output<typeof QueueResponseLegacyDto>;

export const QueuesResponseLegacyDto = z
	.record(z.enum(queueNames), QueueResponseLegacyDto)
	.meta({ id: 'QueuesResponseLegacyDto' });

export const QueueUpdateDto = z.object({ isPaused: z.boolean().optional() }).meta({ id: 'QueueUpdateDto' });
export const QueueDeleteDto = z.object({ failed: z.boolean().optional() }).meta({ id: 'QueueDeleteDto' });
export const QueueCommandDto = z
	.object({ command: z.enum(queueCommands), force: z.boolean().optional() })
	.meta({ id: 'QueueCommandDto' });
export const JobCreateDto = z.object({ name: z.enum(manualJobNames) }).meta({ id: 'JobCreateDto' });
export const QueueJobCreateDto = z.object({ name: z.enum(workNames) }).meta({ id: 'QueueJobCreateDto' });

export const QueueJobResponseDto = z
	.object({
		id: z.string().optional(),
		name: z.enum(jobNames),
		/** Creation time in milliseconds. */
		timestamp: z.int(),
		data: z.record(z.string(), z.unknown())
	})
	.meta({ id: 'QueueJobResponseDto' });
export type QueueJob = z.output<typeof QueueJobResponseDto>;

const params = z.object({ name });
const formPath = (action: string) => `/(console)/admin/jobs?/${action}` as const;
/** The queue comes from the form because one page shows all queues. */
const toParams = ({ queue }: { queue: string }) => ({ name: queue });

/** A failed job as the console shows it. */
export interface FailedJob {
	readonly id: string;
	readonly queue: string;
	readonly name: string;
	readonly failedAt: string;
	readonly attempts: number;
	readonly reason: string;
}

/** One job of the last nightly run and its outcome. */
export interface NightlyOutcome {
	readonly name: string;
	readonly state: 'waiting' | 'active' | 'done' | 'failed';
	readonly result: string | null;
}

export interface NightlyView {
	readonly nextAt: string;
	readonly last: { readonly at: string; readonly outcomes: readonly NightlyOutcome[] } | null;
}

/** Number of jobs that ended in the hour starting then. */
export interface JobHour {
	readonly hour: string;
	readonly finished: number;
	readonly failed: number;
}

/** Everything on the console's jobs page. */
export interface JobsView {
	readonly queues: readonly (QueueDto & { readonly hasWork: boolean; readonly isPausable: boolean })[];
	readonly failures: readonly FailedJob[];
	readonly nightly: NightlyView;
	readonly hours: readonly JobHour[];
}

export const queueOperations = defineOperations({
	getQueues: {
		summary: 'List all queues and how many jobs are in each',
		rest: 'GET /api/queues',
		upstream: 'rest',
		access: { permission: 'queue.read', admin: true },
		reply: z.array(QueueResponseDto)
	},
	getQueue: {
		summary: 'Get one queue',
		rest: 'GET /api/queues/[name]',
		upstream: 'rest',
		access: { permission: 'queue.read', admin: true },
		params,
		reply: QueueResponseDto
	},
	updateQueue: {
		summary: 'Pause or resume a queue',
		rest: 'PUT /api/queues/[name]',
		upstream: 'rest',
		access: { permission: 'queue.update', admin: true },
		params,
		body: QueueUpdateDto,
		reply: QueueResponseDto
	},
	getQueueJobs: {
		summary: 'List up to a thousand jobs of a queue, the newest first',
		rest: 'GET /api/queues/[name]/jobs',
		upstream: 'rest',
		access: { permission: 'queueJob.read', admin: true },
		params,
		query: z.object({ status: z.array(z.enum(jobStatuses)).max(100).optional() }),
		reply: z.array(QueueJobResponseDto)
	},
	createQueueJob: {
		summary: 'Run a job',
		rest: 'POST /api/queues/[name]/jobs',
		upstream: 'rest',
		form: defineForm({
			at: formPath('run'),
			fields: z.object({ queue: name, job: z.enum(workNames) }),
			toParams,
			toBody: ({ job }) => ({ name: job })
		}),
		access: { permission: 'queueJob.create', admin: true },
		params,
		body: QueueJobCreateDto,
		status: 204
	},
	emptyQueue: {
		summary: 'Clear waiting (and optionally failed) jobs',
		rest: 'DELETE /api/queues/[name]/jobs',
		upstream: 'rest',
		access: { permission: 'queueJob.delete', admin: true },
		params,
		body: QueueDeleteDto,
		status: 204
	},
	retryQueue: {
		summary: 'Retry failed jobs',
		rest: 'POST /api/queues/[name]/retry',
		upstream: 'rest',
		form: defineForm({ at: formPath('retry'), fields: z.object({ queue: name }), toParams }),
		access: { permission: 'queueJob.update', admin: true },
		params,
		reply: QueueResponseDto,
		status: 200
	},
	getQueuesLegacy: {
		summary: 'List all queues (legacy)',
		rest: 'GET /api/jobs',
		upstream: 'rest',
		access: { permission: 'job.read', admin: true },
		reply: QueuesResponseLegacyDto
	},
	createJob: {
		summary: 'Start a job by hand',
		rest: 'POST /api/jobs',
		upstream: 'rest',
		access: { permission: 'job.create', admin: true },
		body: JobCreateDto,
		status: 204
	},
	runQueueCommandLegacy: {
		summary: 'Start, pause, resume or empty a queue, or clear what has failed in it',
		rest: 'PUT /api/jobs/[name]',
		upstream: 'rest',
		form: defineForm({
			at: formPath('command'),
			fields: z.object({ queue: name, command: z.enum(queueCommands) }),
			toParams,
			toBody: ({ command }) => ({ command })
		}),
		access: { permission: 'job.create', admin: true },
		params,
		body: QueueCommandDto,
		reply: QueueResponseLegacyDto
	}
});
