import { defineAuditActions } from '../audit/audit-action.ts';

export const oauthAuditActions = defineAuditActions({
	'oauth.register': { title: 'Registered through a provider', done: '{actor} registered through a provider' },
	'oauth.link': { title: 'Provider linked', done: '{actor} linked their account to a provider' },
	'oauth.unlink': {
		title: 'Provider unlinked',
		done: '{actor} unlinked {subject} from the provider',
		own: '{actor} unlinked their own account from the provider'
	},
	'oauth.unlinkAll': { title: 'Everybody unlinked', done: '{actor} unlinked all accounts from their providers' },
	'oauth.applyClaims': {
		title: 'Changed by the provider',
		done: 'The provider changed the account of {subject}',
		own: 'The provider changed the account of {subject}',
		refused: 'The provider could not change the role of {subject}'
	},
	'oauth.endSessions': { title: 'Ended by the provider', done: 'The provider ended sessions of {subject}' }
});
