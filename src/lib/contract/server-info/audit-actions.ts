import { defineAuditActions } from '../audit/audit-action.ts';

export const serverInfoAuditActions = defineAuditActions({
	'server.rotateKey': { title: 'Encryption key replaced', done: '{actor} replaced the encryption key' },
	'server.resetKey': {
		title: 'Encryption key given up',
		done: '{actor} gave up the lost encryption key, and with it what it encrypted'
	},
	'server.onboarding': { title: 'Onboarding updated', done: '{actor} updated the server’s onboarding status' }
});
