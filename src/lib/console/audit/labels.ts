import { auditActions, type AuditAction, type AuditActor, type AuditEvent } from '#lib/contract/audit/audit.ts';

/** Sentences for an event. `{actor}` and `{subject}` are users, `{object}` is what else was affected. */
interface Words {
	/** Name in a list of actions. */
	readonly title: string;
	readonly done: string;
	/** Used if actor and subject are the same user. */
	readonly own?: string;
	readonly refused?: string;
}

const words: Readonly<Record<AuditAction, Words>> = {
	'auth.signUp': { title: 'First administrator', done: '{actor} registered as the first administrator' },
	'auth.signIn': {
		title: 'Sign-in',
		done: '{actor} signed in',
		refused: 'A sign-in as {subject} was refused'
	},
	'auth.signOut': { title: 'Sign-out', done: '{actor} signed out' },
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
	'oauth.endSessions': { title: 'Ended by the provider', done: 'The provider ended sessions of {subject}' },
	'password.change': {
		title: 'Own password changed',
		done: '{actor} changed their own password',
		refused: '{actor} could not change their own password'
	},
	'pinCode.set': { title: 'PIN set', done: '{actor} set a PIN' },
	'pinCode.change': {
		title: 'PIN changed',
		done: '{actor} changed the PIN',
		refused: '{actor} could not change the PIN'
	},
	'pinCode.reset': {
		title: 'PIN removed',
		done: '{actor} removed the PIN',
		refused: '{actor} could not remove the PIN'
	},
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
	'session.endAllUsers': { title: 'Everybody’s sessions ended', done: '{actor} ended everybody’s sessions' },
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
	},
	'profile.update': {
		title: 'Own profile changed',
		done: '{actor} changed their own profile',
		refused: '{actor} could not change their own profile'
	},
	'preferences.update': {
		title: 'Preferences changed',
		done: '{actor} changed the preferences of {subject}',
		own: '{actor} changed their own preferences'
	},
	'picture.set': { title: 'Picture set', done: '{actor} set a picture' },
	'picture.remove': { title: 'Picture removed', done: '{actor} removed the picture' },
	'license.set': { title: 'Product key set', done: '{actor} set a product key' },
	'license.remove': { title: 'Product key removed', done: '{actor} removed the product key' },
	'user.create': { title: 'User created', done: '{actor} created the account of {subject}' },
	'user.update': {
		title: 'User changed',
		done: '{actor} changed the account of {subject}',
		own: '{actor} changed their own account',
		refused: '{actor} could not change {subject}'
	},
	'user.setPassword': {
		title: 'Password set by an administrator',
		done: '{actor} set the password of {subject}',
		own: '{actor} set their own password',
		refused: '{actor} could not set the password of {subject}'
	},
	'user.resetPassword': {
		title: 'Password reset',
		done: '{actor} reset the password of {subject}',
		own: '{actor} reset their own password'
	},
	'user.requireChange': {
		title: 'New password required',
		done: '{actor} required a new password from {subject}',
		own: '{actor} required a new password from themselves'
	},
	'user.setPin': {
		title: 'PIN set by an administrator',
		done: '{actor} set the PIN of {subject}',
		own: '{actor} set their own PIN',
		refused: '{actor} could not set the PIN of {subject}'
	},
	'user.clearPin': {
		title: 'PIN cleared by an administrator',
		done: '{actor} cleared the PIN of {subject}',
		own: '{actor} cleared their own PIN',
		refused: '{actor} could not remove the PIN of {subject}'
	},
	'user.allowSignIn': {
		title: 'Sign-in allowed again',
		done: '{actor} let {subject} try to sign in again',
		own: '{actor} let themselves try to sign in again'
	},
	'user.delete': { title: 'User deleted', done: '{actor} deleted the account of {subject}' },
	'user.remove': { title: 'User removed for good', done: '{actor} removed the account of {subject} for good' },
	'user.restore': { title: 'User restored', done: '{actor} restored the account of {subject}' },
	'notification.send': {
		title: 'Message sent',
		done: '{actor} sent a message to {subject}',
		own: '{actor} sent a message to themselves'
	},
	'batch.start': { title: 'Change of many started', done: '{actor} started a change of many: {object}' },
	'batch.discard': { title: 'Change of many thrown away', done: '{actor} threw a change of many away: {object}' },
	'batch.takePasswords': {
		title: 'Temporary passwords taken',
		done: '{actor} took the temporary passwords of a change of many: {object}'
	},
	'server.onboarding': { title: 'Set-up marked', done: '{actor} marked how far the set-up of the server is' },
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
	'maintenance.end': { title: 'Maintenance ended', done: '{actor} ended maintenance' },
	'settings.update': { title: 'Settings changed', done: '{actor} changed settings' },
	'settings.try': {
		title: 'Settings tried',
		done: '{actor} tried settings',
		refused: '{actor} tried settings, which failed'
	},
	'queue.pause': { title: 'Queue paused', done: '{actor} paused the queue {object}' },
	'queue.resume': { title: 'Queue resumed', done: '{actor} let the queue {object} go on' },
	'queue.empty': { title: 'Queue emptied', done: '{actor} dropped what was waiting in the queue {object}' },
	'queue.clearFailed': {
		title: 'Failed jobs cleared',
		done: '{actor} cleared the failed jobs of the queue {object}'
	},
	'queue.retry': { title: 'Failed jobs retried', done: '{actor} had the failed jobs of the queue {object} done again' },
	'job.start': { title: 'Job started', done: '{actor} started the job {object}' }
};

/** Options for selecting an action. */
export const actionTitles: readonly { value: AuditAction; label: string }[] = auditActions.map((value) => ({
	value,
	label: words[value].title
}));

const isAction = (action: string): action is AuditAction => Object.hasOwn(words, action);

const batchWords: Readonly<Record<string, string>> = {
	requireChange: 'new passwords required',
	resetPassword: 'passwords reset',
	setQuota: 'quotas set',
	delete: 'users deleted',
	restore: 'users restored',
	unlinkOAuth: 'users unlinked from their providers',
	create: 'users created'
};

/** Part of a sentence: text, or a user to link to. */
export type Piece = string | AuditActor;

const getTemplate = ({ action, outcome, actor, subject }: AuditEvent): string => {
	// Another server version may have recorded it.
	if (!isAction(action)) return `{actor}: ${action}`;
	const { done, own, refused } = words[action];
	if (outcome === 'refused') return refused ?? done;
	return actor?.id === subject?.id ? (own ?? done) : done;
};

/** Describes an event as the parts of a sentence. */
export function buildSentence(event: AuditEvent): Piece[] {
	const { actor, subject, object } = event;
	const label = object?.label ?? null;
	const fillers: Readonly<Record<string, Piece>> = {
		'{actor}': actor ?? 'The server',
		'{subject}': subject ?? 'somebody unknown',
		'{object}': object?.kind === 'batch' ? (batchWords[label ?? ''] ?? 'unknown') : `‘${label ?? 'unnamed'}’`
	};
	return getTemplate(event)
		.split(/(\{\w+\})/)
		.map((piece) => fillers[piece] ?? piece)
		.filter((piece) => piece !== '');
}
