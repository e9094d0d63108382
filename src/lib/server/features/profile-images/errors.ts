import { badRequest } from '#lib/server/platform/errors.ts';

export const unsupportedFileType = (name: string) =>
	badRequest(`Unsupported file type ${name}`, {
		field: 'file',
		shown: 'Unsupported image. Choose a JPEG, PNG, WebP, GIF or AVIF file.'
	});
export const unreadableImage = (cause: unknown) =>
	badRequest('Unable to process profile image', {
		cause,
		field: 'file',
		shown: 'Couldn’t process this image. Choose another one.'
	});
export const noProfileImage = () =>
	badRequest("Can't delete a missing profile Image", { shown: 'There is no picture.' });
export const imagesAreImmichs = () =>
	badRequest('Change your profile picture in Immich, which stores it.', { field: 'file' });
