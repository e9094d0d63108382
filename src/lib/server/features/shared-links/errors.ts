import { AppError, badRequest } from '#lib/server/platform/errors.ts';

// Source: docs/wire-reference/shared-links.md#shared-link-errors.
export const sharedLinkNotFound = () => badRequest('Shared link not found', { pageStatus: 404 });
export const slugTaken = () =>
	badRequest('Failed to save shared link', { field: 'slug', shown: 'Another link already has this address.' });
export const invalidLinkType = () => badRequest('Invalid shared link type');
export const linkNotProtected = () => badRequest('Shared link is not password protected');
export const wrongLinkPassword = () =>
	new AppError(401, 'Invalid password', { field: 'password', shown: 'That is not the password of this link.' });
export const photoNotShown = () => badRequest('Photo not found', { pageStatus: 404 });
export const expiryInPast = () =>
	badRequest('The expiration date must be in the future', {
		field: 'expiryDate',
		shown: 'Choose a day from today on.'
	});
export const tooManyLinks = (most: number) => badRequest(`A user can have at most ${most} shared links`);
export const tooManyLinkAssets = (most: number) => badRequest(`A shared link can have at most ${most} photos`);
