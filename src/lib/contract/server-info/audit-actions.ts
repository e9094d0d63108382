import { defineAuditActions } from '../audit/audit-action.ts';

export const serverInfoAuditActions = defineAuditActions({
	'server.rotateKey': { title: 'Encryption key replaced', done: '{actor} replaced the encryption key' },
	'server.resetKey': {
		title: 'Encryption key given up',
		done: '{actor} gave up the lost encryption key, and with it what it encrypted'
	},
	'server.onboarding': { title: 'Set-up marked', done: '{actor} marked how far the set-up of the server is' }
});
