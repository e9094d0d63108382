import { AppError, badRequest } from '#lib/server/platform/errors.ts';

const easyToGuess = 'This password is too easy to guess. Choose one that is less common and is not made of names.';
export const guessablePassword = (field: 'password' | 'newPassword') =>
	new AppError(400, 'Validation failed', {
		field,
		shown: easyToGuess,
		issues: [{ code: 'custom', path: [field], message: easyToGuess }]
	});
export const wrongPassword = () =>
	badRequest('Wrong password', { field: 'password', shown: 'Incorrect current password.' });
export const passwordChangedElsewhere = () =>
	badRequest('Use POST /auth/change-password to change your password', { field: 'password' });
export const samePassword = (field: 'password' | 'newPassword') =>
	badRequest('Choose a password that’s different from the current one.', { field });
export const passwordRequired = () => badRequest('password is required', { field: 'password' });
export const firstUserMustBeAdmin = () => badRequest('The first registered account must the administrator.');
export const emailTaken = () =>
	badRequest('Email is not available', { field: 'email', shown: 'This email is already in use.' });
export const storageLabelTaken = () =>
	badRequest('Storage label already in use by another account', {
		field: 'storageLabel',
		shown: 'This storage label is already in use.'
	});
export const ownAdminStatus = () =>
	badRequest('Admin status can only be changed by another admin', { field: 'isAdmin' });
export const lastAdmin = () => badRequest('The last administrator cannot be removed', { field: 'isAdmin' });
export const ownUserDeletion = () => new AppError(403, 'Cannot delete your own account');
export const removalIsImmichs = () =>
	badRequest(
		'Delete this user permanently in Immich: that also removes the files of their photos, which Immich stores. Here, users can be deleted and restored.',
		{ field: 'force' }
	);
export const confirmationMismatch = () =>
	badRequest('Type the email of this account to confirm', { field: 'confirmation' });
// Source: docs/wire-reference/command-line.md#immich-admin.
export const noAdmin = () => badRequest('Admin account does not exist');
export const unknownEmail = () => badRequest('User does not exist');
