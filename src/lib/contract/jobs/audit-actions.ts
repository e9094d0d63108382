import { defineAuditActions } from '../audit/audit-action.ts';

export const jobAuditActions = defineAuditActions({
	'queue.pause': { title: 'Queue paused', done: '{actor} paused the queue {object}' },
	'queue.resume': { title: 'Queue resumed', done: '{actor} resumed the queue {object}' },
	'queue.empty': { title: 'Queue emptied', done: '{actor} cleared the waiting jobs of the queue {object}' },
	'queue.clearFailed': {
		title: 'Failed jobs cleared',
		done: '{actor} cleared the failed jobs of the queue {object}'
	},
	'queue.retry': { title: 'Failed jobs retried', done: '{actor} retried the failed jobs of the queue {object}' },
	'job.start': { title: 'Job started', done: '{actor} started the job {object}' }
});
