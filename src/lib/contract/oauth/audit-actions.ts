import { defineAuditActions } from '../audit/audit-action.ts';

export const oauthAuditActions = defineAuditActions({
	'oauth.register': { title: 'Account created via OAuth', done: '{actor} signed up with OAuth' },
	'oauth.link': { title: 'Provider linked', done: '{actor} linked an OAuth account' },
	'oauth.unlink': {
		title: 'Provider unlinked',
		done: '{actor} unlinked the OAuth account of {subject}',
		own: '{actor} unlinked their own account from the provider'
	},
	'oauth.unlinkAll': {
		title: 'All OAuth accounts unlinked',
		done: '{actor} unlinked all accounts from their providers'
	},
	'oauth.applyClaims': {
		title: 'Account updated from OAuth',
		done: 'The account of {subject} was updated from the OAuth provider',
		own: 'The account of {subject} was updated from the OAuth provider',
		refused: 'The provider could not change the role of {subject}'
	},
	'oauth.endSessions': { title: 'Signed out by OAuth provider', done: 'The OAuth provider signed {subject} out' }
});
