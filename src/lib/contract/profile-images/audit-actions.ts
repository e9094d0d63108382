import { defineAuditActions } from '../audit/audit-action.ts';

export const profileImageAuditActions = defineAuditActions({
	'picture.set': { title: 'Picture set', done: '{actor} set a picture' },
	'picture.remove': { title: 'Picture removed', done: '{actor} removed the picture' }
});
