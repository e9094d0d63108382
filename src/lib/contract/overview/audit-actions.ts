import { defineAuditActions } from '../audit/audit-action.ts';

export const overviewAuditActions = defineAuditActions({
	'overview.firstSteps': { title: 'First steps updated', done: '{actor} updated the list of first steps' }
});
