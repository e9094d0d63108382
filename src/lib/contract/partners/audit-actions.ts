import { defineAuditActions } from '../audit/audit-action.ts';

export const partnerAuditActions = defineAuditActions({
	'partner.add': { title: 'Library shared with a partner', done: '{actor} shares their library with {subject}' },
	'partner.remove': {
		title: 'Library no longer shared',
		done: '{actor} no longer shares their library with {subject}'
	},
	'partner.leave': {
		title: 'Partner’s library refused',
		done: '{actor} no longer wants to see the library of {subject}'
	},
	'partner.update': {
		title: 'Partner in the timeline changed',
		done: '{actor} changed whether their timeline has photos of {subject}'
	},
	'partner.request': {
		title: 'Partner asked',
		done: '{actor} asked {subject} to accept their library'
	},
	'partner.withdraw': {
		title: 'Request to a partner withdrawn',
		done: '{actor} no longer asks {subject} to accept their library'
	},
	'partner.accept': { title: 'Partner accepted', done: '{actor} accepted the library of {subject}' },
	'partner.decline': { title: 'Partner declined', done: '{actor} declined the library of {subject}' }
});
