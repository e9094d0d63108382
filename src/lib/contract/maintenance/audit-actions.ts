import { defineAuditActions } from '../audit/audit-action.ts';

export const maintenanceAuditActions = defineAuditActions({
	'maintenance.announce': { title: 'Maintenance announced', done: '{actor} announced maintenance' },
	'maintenance.withdraw': {
		title: 'Announcement taken back',
		done: '{actor} took the announcement of maintenance back'
	},
	'maintenance.begin': { title: 'Maintenance begun', done: '{actor} began maintenance' },
	'maintenance.update': {
		title: 'Maintenance changed',
		done: '{actor} changed the message or the times of maintenance'
	},
	'maintenance.end': { title: 'Maintenance ended', done: '{actor} ended maintenance' }
});
