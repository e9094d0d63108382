import { defineAuditActions } from '../audit/audit-action.ts';

export const userAuditActions = defineAuditActions({
	'password.change': {
		title: 'Own password changed',
		done: '{actor} changed their own password',
		refused: '{actor} could not change their own password'
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
	'user.restore': { title: 'User restored', done: '{actor} restored the account of {subject}' }
});
