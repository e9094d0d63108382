import { defineAuditActions } from '../audit/audit-action.ts';

export const serverInfoAuditActions = defineAuditActions({
	'server.onboarding': { title: 'Set-up marked', done: '{actor} marked how far the set-up of the server is' }
});
