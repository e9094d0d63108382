import { AppError, badRequest } from '#lib/server/platform/errors.ts';

export const apiKeyNotFound = () => badRequest('API Key not found', { pageStatus: 404 });
export const notByApiKey = () => new AppError(403, 'Not authenticated with an API Key');
export const ungrantable = () => badRequest('Cannot grant permissions you do not have');
export const unrotatable = () => badRequest('Cannot rotate an API Key with permissions you do not have');
export const outliving = () => badRequest('Cannot make an API Key live longer than the calling one');
export const tooManyApiKeys = (most: number) => badRequest(`A user can have at most ${most} API keys`);
export const trimOutdated = () =>
	badRequest('What the API Key has used is no longer what this goes by', {
		shown: 'This key was used or changed since you opened this page. Review the list again.'
	});
