import { defineAuditActions } from '../audit/audit-action.ts';

export const signInAuditActions = defineAuditActions({
	'auth.signUp': { title: 'Server set up', done: '{actor} set up the server and became its first administrator' },
	'auth.signIn': {
		title: 'Sign-in',
		done: '{actor} signed in',
		refused: 'Sign-in failed for {subject}'
	},
	'auth.signOut': { title: 'Sign-out', done: '{actor} signed out' },
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
	}
});
