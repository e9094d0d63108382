import { defineAuditActions } from '../audit/audit-action.ts';

export const jobAuditActions = defineAuditActions({
	'queue.pause': { title: 'Queue paused', done: '{actor} paused the queue {object}' },
	'queue.resume': { title: 'Queue resumed', done: '{actor} let the queue {object} go on' },
	'queue.empty': { title: 'Queue emptied', done: '{actor} dropped what was waiting in the queue {object}' },
	'queue.clearFailed': {
		title: 'Failed jobs cleared',
		done: '{actor} cleared the failed jobs of the queue {object}'
	},
	'queue.retry': { title: 'Failed jobs retried', done: '{actor} had the failed jobs of the queue {object} done again' },
	'job.start': { title: 'Job started', done: '{actor} started the job {object}' }
});
