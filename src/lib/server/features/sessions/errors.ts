import { badRequest } from '#lib/server/platform/errors.ts';

export const tooManyChildSessions = (most: number) =>
	badRequest(`A user can have at most ${most} sessions that other sessions started`);
export const sessionNeeded = () => badRequest('This endpoint can only be used with a session token');
export const nothingToUpdate = () => badRequest('No fields to update');
