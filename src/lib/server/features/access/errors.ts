import { AppError, badRequest } from '#lib/server/platform/errors.ts';

export const invalidUserToken = (cause?: unknown) => new AppError(401, 'Invalid user token', { cause });
export const invalidApiKey = () => new AppError(401, 'Invalid API key');
export const invalidShareKey = () => new AppError(401, 'Invalid share key');
export const invalidShareSlug = () => new AppError(401, 'Invalid share slug');
export const wrongCurrentPassword = () =>
	badRequest('Wrong password', { field: 'currentPassword', shown: 'Incorrect current password.' });
export const currentPasswordNeeded = () =>
	badRequest('Current password is required', {
		field: 'currentPassword',
		shown: 'Enter your current password, or sign in again and make this change within 10 minutes.'
	});
export const recentSignInNeeded = () =>
	badRequest('A recent sign-in is required', {
		shown: 'Sign in again and make this change within 10 minutes.'
	});
/**
 * Doesn't reveal whether the row exists.
 * Source: docs/wire-reference/sessions.md#session-endpoints and docs/wire-reference/api-keys.md#api-key-endpoints.
 */
export const noAccess = (permission: string) => badRequest(`Not found or no ${permission} access`, { pageStatus: 404 });
