import { defineAuditActions } from '../audit/audit-action.ts';

export const userAuditActions = defineAuditActions({
	'password.change': {
		title: 'Own password changed',
		done: '{actor} changed their own password',
		refused: '{actor} failed to change their password'
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
	'user.create': { title: 'User created', done: '{actor} created an account for {subject}' },
	'user.update': {
		title: 'User changed',
		done: '{actor} updated {subject}’s account',
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
		done: '{actor} required {subject} to change their password',
		own: '{actor} required themselves to change their password'
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
		title: 'Sign-in unblocked',
		done: '{actor} unblocked sign-in for {subject}',
		own: '{actor} let themselves try to sign in again'
	},
	'user.delete': { title: 'User deleted', done: '{actor} deleted the account of {subject}' },
	'user.remove': { title: 'User permanently deleted', done: '{actor} permanently deleted the account of {subject}' },
	'user.restore': { title: 'User restored', done: '{actor} restored the account of {subject}' }
});
