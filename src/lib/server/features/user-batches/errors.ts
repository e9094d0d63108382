import { badRequest, notFound } from '#lib/server/platform/errors.ts';

export const batchNotFound = () => notFound('Bulk action not found');
export const batchStarted = () => badRequest('Already started');
export const batchRunning = () => badRequest('This is still running');
export const nothingFailed = () => badRequest('No failures to retry');
export const noPasswordsWaiting = () => notFound('These passwords have already been downloaded');
export const wrongDownloadKey = () =>
	badRequest('You can download these passwords only in the browser that started this action');
