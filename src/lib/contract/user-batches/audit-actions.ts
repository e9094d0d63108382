import { defineAuditActions } from '../audit/audit-action.ts';

export const userBatchAuditActions = defineAuditActions({
	'batch.start': { title: 'Change of many started', done: '{actor} started a change of many: {object}' },
	'batch.discard': { title: 'Change of many thrown away', done: '{actor} threw a change of many away: {object}' },
	'batch.takePasswords': {
		title: 'Temporary passwords taken',
		done: '{actor} took the temporary passwords of a change of many: {object}'
	}
});
