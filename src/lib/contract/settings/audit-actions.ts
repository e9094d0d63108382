import { defineAuditActions } from '../audit/audit-action.ts';

export const settingsAuditActions = defineAuditActions({
	'settings.update': { title: 'Settings changed', done: '{actor} changed settings' },
	'settings.try': {
		title: 'Settings tried',
		done: '{actor} tried settings',
		refused: '{actor} tried settings, which failed'
	}
});
