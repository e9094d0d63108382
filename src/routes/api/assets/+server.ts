import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { receiveUpload } from '#lib/server/features/assets/asset-upload.http.ts';

export const POST = endpoint(
	'uploadAsset',
	({ auth, body, services }) => services.assetUpload.upload(auth, body),
	receiveUpload
);
export const PUT = endpoint('updateAssets', ({ auth, body, services }) => services.asset.updateAll(auth, body));
export const DELETE = endpoint('deleteAssets', ({ auth, body, services }) =>
	services.asset.delete(auth, body.ids, body.force ?? false)
);
