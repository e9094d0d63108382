import { defineAuditActions } from '../audit/audit-action.ts';

export const maintenanceAuditActions = defineAuditActions({
	'maintenance.announce': { title: 'Maintenance announced', done: '{actor} announced maintenance' },
	'maintenance.withdraw': {
		title: 'Maintenance announcement cancelled',
		done: '{actor} cancelled the announced maintenance'
	},
	'maintenance.begin': { title: 'Maintenance started', done: '{actor} started maintenance' },
	'maintenance.update': {
		title: 'Maintenance changed',
		done: '{actor} updated the maintenance message or schedule'
	},
	'maintenance.end': { title: 'Maintenance ended', done: '{actor} ended maintenance' }
});
