import { defineAuditActions } from '../audit/audit-action.ts';

export const sharedLinkAuditActions = defineAuditActions({
	'sharedLink.create': { title: 'Shared link created', done: '{actor} created a shared link to {object}' },
	'sharedLink.update': {
		title: 'Shared link changed',
		done: '{actor} changed the shared link of {subject} to {object}',
		own: '{actor} changed the shared link to {object}'
	},
	'sharedLink.delete': { title: 'Shared link deleted', done: '{actor} deleted the shared link to {object}' }
});
