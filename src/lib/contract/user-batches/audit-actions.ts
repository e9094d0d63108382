import { defineAuditActions } from '../audit/audit-action.ts';

export const userBatchAuditActions = defineAuditActions({
	'batch.start': { title: 'Bulk action started', done: '{actor} started a bulk action: {object}' },
	'batch.discard': { title: 'Change of many thrown away', done: '{actor} discarded a bulk action: {object}' },
	'batch.takePasswords': {
		title: 'Temporary passwords downloaded',
		done: '{actor} downloaded the temporary passwords of a bulk action: {object}'
	}
});
