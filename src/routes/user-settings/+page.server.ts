import { redirect } from '@sveltejs/kit';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { finishLink } from '#lib/server/features/oauth/oauth-sign-in.http.ts';

/** Immich's address for one's own settings, at which providers know where to lead back to. */
export const load = loadFor(async ({ auth, event }) => {
	const refusal = await finishLink(event, auth);
	if (!refusal) redirect(303, '/account/profile');
	return { refusal, host: event.url.host };
});
