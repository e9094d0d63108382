import { getElevatedMs } from '#lib/server/platform/caller/caller.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id }) => {
	const asset = await services.asset.get(auth, id);
	const isOwn = asset.ownerId === auth.user.id;
	return {
		asset,
		isOwn,
		neighbors: isOwn ? await services.timeline.findNeighbors(auth, asset) : null,
		lockedInMs: asset.visibility === 'locked' ? getElevatedMs(auth) : null
	};
});

const place = { timeline: '/photos', archive: '/photos/archive', locked: '/photos/locked', hidden: '/photos' } as const;

export const actions = {
	change: action(
		'updateAsset',
		({ auth, params, body, services }) => services.asset.update(auth, params.id, body),
		({ body, params }) => (body.visibility ? place[body.visibility] : `/photos/${params.id}`)
	),
	trash: action(
		'deleteAssets',
		({ auth, body, services }) => services.asset.delete(auth, body.ids, body.force ?? false),
		({ body }) => (body.force ? '/photos/trash' : '/photos')
	),
	restore: action(
		'restoreAssets',
		({ auth, body, services }) => services.asset.restore(auth, body.ids),
		({ body }) => `/photos/${body.ids[0] ?? ''}`
	)
};
