import { AppError, badRequest } from '#lib/server/platform/errors.ts';

export const nothingToDownload = () => badRequest('Invalid dto: assetIds, albumId or userId is required');
export const tooMuchToDownload = (most: number) =>
	badRequest(`At most ${most} photos and videos can be downloaded together`);
/** Not the caller's fault: the row is there, its file isn't. */
export const fileUnavailable = (assetId: string, cause?: unknown) =>
	new AppError(500, `The file of ${assetId} is not available`, { cause });
