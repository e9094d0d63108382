import { defineAuditActions } from '../audit/audit-action.ts';

export const sessionAuditActions = defineAuditActions({
	'session.create': { title: 'Device session created', done: '{actor} created a session for another device' },
	'session.lock': { title: 'Session locked', done: '{actor} locked a session' },
	'session.unlock': {
		title: 'Session unlocked',
		done: '{actor} unlocked a session',
		refused: '{actor} could not unlock a session'
	},
	'session.end': {
		title: 'Device signed out',
		done: '{actor} signed out one of {subject}’s devices',
		own: '{actor} signed out one of their devices'
	},
	'session.endOthers': {
		title: 'Other devices signed out',
		done: '{actor} signed out all devices of {subject}',
		own: '{actor} signed out all their other devices'
	},
	'session.endChosen': {
		title: 'Selected devices signed out',
		done: '{actor} signed out selected devices of {subject}',
		own: '{actor} signed out selected devices of their own'
	},
	'session.endAllUsers': { title: 'Everyone signed out', done: '{actor} signed everyone out' }
});
