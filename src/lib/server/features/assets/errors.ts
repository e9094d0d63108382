import { AppError, badRequest } from '#lib/server/platform/errors.ts';

export const unsupportedFileType = (name: string) =>
	badRequest(`Unsupported file type ${name}`, {
		field: 'assetData',
		shown: 'This type of file can’t be uploaded. Choose photos or videos.'
	});
export const quotaExceeded = () =>
	badRequest('Quota has been exceeded!', { field: 'assetData', shown: 'There is no space left for this file.' });
export const missingFile = () =>
	badRequest('Field assetData is not a file', { field: 'assetData', shown: 'Choose a file first.' });
export const sidecarTooLarge = () => badRequest('The sidecar file is too large');
/** A link that shows photos but takes none. Source: docs/wire-reference/access.md#how-a-check-works. */
export const noUploadByLink = () => new AppError(401, 'This shared link does not accept uploads');
export const noMotionPart = () => badRequest('The motion part of a photo is a video of the same owner');
export const noMetadata = () => badRequest('Metadata not found');
export const tooManyNotes = (most: number) =>
	badRequest(`An asset can have at most ${most} metadata items, of 1 MiB together`);
export const invalidTime = () => badRequest('The time must be in the years 1000 to 9999');
export const invalidTimeZone = () => badRequest('Invalid time zone');
export const noVideo = () => badRequest('This is not a video');
export const videoHidden = () => badRequest('This shared link hides metadata, which videos contain');
export const fileMissing = (cause?: unknown) => new AppError(404, 'The file is missing on the server', { cause });
