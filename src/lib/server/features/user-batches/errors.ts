import { badRequest, notFound } from '#lib/server/platform/errors.ts';

export const batchNotFound = () => notFound('There is no such batch');
export const batchStarted = () => badRequest('This has been started already');
export const batchRunning = () => badRequest('This is still running');
export const nothingFailed = () => badRequest('Nothing has failed');
export const noPasswordsWaiting = () => notFound('These passwords have been taken already');
export const wrongDownloadKey = () =>
	badRequest('These passwords can be read only in the browser in which the change was started');
