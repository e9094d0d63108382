import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, id }) => {
	const [shownUser, sharing] = await Promise.all([services.userAdmin.get(id), services.sharing.get(id)]);
	return { shownUser, sharing };
});
