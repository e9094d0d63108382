import { defineAuditActions } from '../audit/audit-action.ts';

export const sharingAuditActions = defineAuditActions({
	'sharing.removeMember': {
		title: 'Removed from an album by an administrator',
		done: '{actor} removed {subject} from the album {object}'
	},
	'sharing.endPartner': {
		title: 'Partnership ended by an administrator',
		done: '{actor} ended the sharing of {subject} with their partner {object}'
	}
});
