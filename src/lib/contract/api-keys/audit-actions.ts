import { defineAuditActions } from '../audit/audit-action.ts';

export const apiKeyAuditActions = defineAuditActions({
	'apiKey.create': { title: 'API key created', done: '{actor} created the API key {object}' },
	'apiKey.update': { title: 'API key changed', done: '{actor} changed the API key {object}' },
	'apiKey.rotate': { title: 'API key rotated', done: '{actor} rotated the API key {object}' },
	'apiKey.delete': {
		title: 'API key revoked',
		done: '{actor} revoked {subject}’s API key {object}',
		own: '{actor} revoked the API key {object}'
	},
	'apiKey.deleteAll': {
		title: 'All API keys revoked',
		done: '{actor} revoked all API keys of {subject}',
		own: '{actor} revoked all their API keys'
	}
});
