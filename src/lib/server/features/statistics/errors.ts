import { badRequest } from '#lib/server/platform/errors.ts';

export const tooLongRange = (maxDays: number) =>
	badRequest(`The range must begin before it ends and have at most ${maxDays} days`);
