import { AppError, badRequest } from '#lib/server/platform/errors.ts';

export const invalidShareKey = () => new AppError(401, 'Invalid share key');
export const invalidShareSlug = () => new AppError(401, 'Invalid share slug');
export const tooManyChildSessions = (most: number) =>
	badRequest(`A user can have at most ${most} sessions that other sessions started`);
export const sessionNeeded = () => badRequest('This endpoint can only be used with a session token');
export const nothingToUpdate = () => badRequest('No fields to update');
