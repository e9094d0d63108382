import { defineAuditActions } from '../audit/audit-action.ts';

export const notificationAuditActions = defineAuditActions({
	'notification.send': {
		title: 'Message sent',
		done: '{actor} sent a message to {subject}',
		own: '{actor} sent a message to themselves'
	}
});
