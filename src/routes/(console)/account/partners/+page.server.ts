import { UserSearchQuery } from '#lib/contract/users/user-search.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, event }) => {
	const { search } = UserSearchQuery.parse(Object.fromEntries(event.url.searchParams));
	const { partner, partnerRequest, user } = services;
	const [receivers, sharers, asked, offered, found] = await Promise.all([
		partner.list(auth, 'shared-by'),
		partner.list(auth, 'shared-with'),
		partnerRequest.list(auth, 'shared-by'),
		partnerRequest.list(auth, 'shared-with'),
		user.suggest(auth, search)
	]);
	const known = new Set([...receivers.map(({ id }) => id), ...asked.map((request) => request.user.id)]);
	return {
		receivers,
		sharers,
		asked,
		offered,
		search,
		found: found.filter(({ id }) => !known.has(id)),
		mustAccept: partner.mustAccept
	};
});

const path = () => '/account/partners';

export const actions = {
	add: action('createPartner', ({ auth, body, services }) => services.partner.create(auth, body.sharedWithId), path),
	remove: action('removePartner', ({ auth, params, services }) => services.partner.remove(auth, params.id), path),
	leave: action('leavePartner', ({ auth, params, services }) => services.partner.leave(auth, params.id), path),
	timeline: action(
		'updatePartner',
		({ auth, params, body, services }) => services.partner.update(auth, params.id, body.inTimeline),
		path
	),
	accept: action(
		'acceptPartner',
		({ auth, params, services }) => services.partnerRequest.accept(auth, params.id),
		path
	),
	decline: action(
		'declinePartner',
		({ auth, params, services }) => services.partnerRequest.decline(auth, params.id),
		path
	)
};
