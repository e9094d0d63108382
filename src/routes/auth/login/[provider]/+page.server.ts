import { redirect } from '@sveltejs/kit';
import { finishAtProvider } from '#lib/server/features/oauth/oauth-sign-in.http.ts';
import type { PageServerLoad } from './$types';

/** Redirect URI of a provider other than the first. */
export const load: PageServerLoad = async (event) => {
	const refusal = await finishAtProvider(event);
	if (!refusal) redirect(303, '/auth/login');
	return { refusal, host: event.url.host };
};
