import { receiveUpload } from '#lib/server/features/assets/asset-upload.http.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, event }) => {
	const partners = await services.partner.list(auth, 'shared-with');
	const withPartners = partners.some(({ inTimeline }) => inTimeline);
	const filter = { visibility: 'timeline', ...(withPartners && { withPartners }) } as const;
	return { grid: await services.timeline.readGrid(auth, filter, event.url.searchParams.get('month')) };
});

export const actions = {
	upload: action(
		'uploadAsset',
		({ auth, body, services }) => services.assetUpload.upload(auth, body),
		() => '/photos',
		receiveUpload
	)
};
