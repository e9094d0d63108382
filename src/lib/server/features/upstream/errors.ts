import { AppError, badRequest } from '#lib/server/platform/errors.ts';

const retryAfterSeconds = 5;

export const ambiguousRequest = () => badRequest('This request has more than one meaning');
export const upstreamUnreachable = (cause: unknown) =>
	new AppError(502, 'Immich cannot be reached', {
		cause,
		retryAfterSeconds,
		advice: 'Photos and albums are back as soon as Immich is. Your account and the console work meanwhile.'
	});
export const upstreamTooSlow = (cause: unknown) =>
	new AppError(504, 'Immich does not respond', {
		cause,
		retryAfterSeconds,
		advice: 'Please try again in a moment. Your account and the console work meanwhile.'
	});
export const forwardingLoop = () =>
	new AppError(508, 'IMMICH_UPSTREAM_URL leads back to this server', {
		advice: 'The administrator must correct this address.'
	});
export const servedByUpstream = () =>
	new AppError(403, 'Immich does this', { advice: 'This server is in front of Immich: use the page of Immich.' });
