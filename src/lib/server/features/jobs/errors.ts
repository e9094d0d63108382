import { badRequest } from '#lib/server/platform/errors.ts';

export const jobRunning = () => badRequest('Job is already running');
export const invalidJobName = (name?: string) =>
	badRequest(name === undefined ? 'Invalid job name' : `Invalid job name: ${name}`);
export const unpausableQueue = () => badRequest('The BackgroundTask queue cannot be paused');
