import { defineAuditActions } from '../audit/audit-action.ts';

export const deviceAuthorizationAuditActions = defineAuditActions({
	'deviceAuthorization.approve': {
		title: 'Program’s sign-in approved',
		done: '{actor} approved the sign-in of the program {object}'
	},
	'deviceAuthorization.deny': {
		title: 'Program’s sign-in denied',
		done: '{actor} denied the sign-in of the program {object}'
	}
});
