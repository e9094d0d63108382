import { defineAuditActions } from '../audit/audit-action.ts';

export const activityAuditActions = defineAuditActions({
	'activity.create': { title: 'Comment or like added', done: '{actor} commented on an album or liked something in it' },
	'activity.delete': {
		title: 'Comment or like removed',
		done: '{actor} removed a comment or like of {subject}',
		own: '{actor} removed their own comment or like'
	}
});
