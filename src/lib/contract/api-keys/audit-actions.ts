import { defineAuditActions } from '../audit/audit-action.ts';

export const apiKeyAuditActions = defineAuditActions({
	'apiKey.create': { title: 'API key made', done: '{actor} made the API key {object}' },
	'apiKey.update': { title: 'API key changed', done: '{actor} changed the API key {object}' },
	'apiKey.rotate': { title: 'API key rotated', done: '{actor} gave the API key {object} a new secret' },
	'apiKey.delete': {
		title: 'API key ended',
		done: '{actor} ended the API key {object} of {subject}',
		own: '{actor} ended the API key {object}'
	},
	'apiKey.deleteAll': {
		title: 'All API keys ended',
		done: '{actor} ended all API keys of {subject}',
		own: '{actor} ended all their API keys'
	}
});
