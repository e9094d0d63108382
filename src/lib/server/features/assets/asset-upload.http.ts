import type { BodilessCall } from '#lib/server/platform/http/operation-call.ts';
import type { Received } from '#lib/server/platform/http/endpoint.ts';
import { readStreamedMultipart } from '#lib/server/platform/http/streamed-multipart.ts';
import type { AssetMediaResponse } from '#lib/contract/assets/asset-upload.ts';
import { sidecarTooLarge } from './errors.ts';
import { StoredUpload } from './stored-upload.ts';

const sidecarLimit = { maxBytes: 10 * 1024 * 1024, tooLarge: sidecarTooLarge };

/**
 * Receives the files of an upload, or replies with the asset that has the checksum in `x-immich-checksum`.
 * @throws {AppError} as `AssetUploadService.begin` and `readStreamedMultipart`
 */
export async function receiveUpload({
	auth,
	services,
	event: { request }
}: Pick<BodilessCall<'uploadAsset'>, 'auth' | 'services' | 'event'>): Promise<
	Received | { readonly reply: AssetMediaResponse }
> {
	const { assetUpload, assetFiles } = services;
	const { known, limit } = await assetUpload.begin(auth, request.headers.get('x-immich-checksum'));
	if (known) return { reply: known };
	const stored: StoredUpload[] = [];
	const discard = async () => {
		for (const upload of stored) await assetFiles.discard(upload);
	};
	try {
		const fields = await readStreamedMultipart(request, {
			wants: (field) => field === 'assetData' || field === 'sidecarData',
			store: async (field, name, content) => {
				const upload = await assetFiles.receive(name, content, field === 'assetData' ? limit : sidecarLimit);
				stored.push(upload);
				return upload;
			}
		});
		return { fields, discard };
	} catch (error) {
		await discard();
		throw error;
	}
}
