import { defineAuditActions } from '../audit/audit-action.ts';

export const sessionAuditActions = defineAuditActions({
	'session.create': { title: 'Session for another device', done: '{actor} started a session for another device' },
	'session.lock': { title: 'Session locked', done: '{actor} locked a session' },
	'session.unlock': {
		title: 'Session unlocked',
		done: '{actor} unlocked a session',
		refused: '{actor} could not unlock a session'
	},
	'session.end': {
		title: 'Session ended',
		done: '{actor} ended a session of {subject}',
		own: '{actor} ended one of their own sessions'
	},
	'session.endOthers': {
		title: 'Other sessions ended',
		done: '{actor} ended the sessions of {subject}',
		own: '{actor} ended all their other sessions'
	},
	'session.endAllUsers': { title: 'Everybody’s sessions ended', done: '{actor} ended everybody’s sessions' }
});
