import { redirect } from '@sveltejs/kit';
import { action } from '#lib/server/platform/http/action.ts';
import { signOut } from '#lib/server/features/sign-in/browser-session.http.ts';

export const actions = {
	default: action('logout', async ({ auth, event }) => redirect(303, await signOut(event, auth)))
};
