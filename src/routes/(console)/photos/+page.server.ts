import { receiveUpload } from '#lib/server/features/assets/asset-upload.http.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, event }) => ({
	grid: await services.timeline.readGrid(auth, { visibility: 'timeline' }, event.url.searchParams.get('month'))
}));

export const actions = {
	upload: action(
		'uploadAsset',
		({ auth, body, services }) => services.assetUpload.upload(auth, body),
		() => '/photos',
		receiveUpload
	)
};
