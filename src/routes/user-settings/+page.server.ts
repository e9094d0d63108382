import { redirect } from '@sveltejs/kit';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { finishLink } from '#lib/server/features/oauth/oauth-sign-in.http.ts';

/** Immich's URL for a user's own settings, which is registered with providers as redirect URI. */
export const load = loadFor(async ({ auth, event }) => {
	const refusal = await finishLink(event, auth);
	if (!refusal) redirect(303, '/account/profile');
	return { refusal, host: event.url.host };
});
