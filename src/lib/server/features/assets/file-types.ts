import path from 'node:path';
import { mediaTypes } from '#lib/contract/server-info/media-types.ts';

/** Where the MIME type isn't `image/` or `video/` and the extension. */
const otherTypes: Readonly<Record<string, string>> = {
	'.3gp': 'video/3gpp',
	'.insp': 'image/jpeg',
	'.insv': 'video/mp4',
	'.jpe': 'image/jpeg',
	'.jpg': 'image/jpeg',
	'.m2t': 'video/mp2t',
	'.m2ts': 'video/mp2t',
	'.m4v': 'video/x-m4v',
	'.mkv': 'video/x-matroska',
	'.mov': 'video/quicktime',
	'.mpe': 'video/mpeg',
	'.mpg': 'video/mpeg',
	'.mpo': 'image/jpeg',
	'.mts': 'video/mp2t',
	'.mxf': 'application/mxf',
	'.svg': 'image/svg+xml',
	'.tif': 'image/tiff',
	'.ts': 'video/mp2t',
	'.vob': 'video/mpeg',
	'.wmv': 'video/x-ms-wmv'
};

const mimeTypes = new Map(
	(['image', 'video'] as const).flatMap((kind) =>
		mediaTypes[kind].map((extension) => [extension, otherTypes[extension] ?? `${kind}/${extension.slice(1)}`] as const)
	)
);

const extensionOf = (fileName: string): string => path.extname(fileName).toLowerCase();

/** Returns the MIME type by the file's extension. */
export const findMimeType = (fileName: string): string =>
	mimeTypes.get(extensionOf(fileName)) ?? 'application/octet-stream';

/** Returns whether it is a photo or a video by the file's extension; null if it can't be uploaded. */
export function findAssetType(fileName: string): 'IMAGE' | 'VIDEO' | null {
	if (mediaTypes.image.includes(extensionOf(fileName))) return 'IMAGE';
	return mediaTypes.video.includes(extensionOf(fileName)) ? 'VIDEO' : null;
}
