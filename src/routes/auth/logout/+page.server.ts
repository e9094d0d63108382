import { redirect } from '@sveltejs/kit';
import { action } from '#lib/server/http/action.ts';
import { signOut } from '#lib/server/http/sign-out.ts';

export const actions = {
	default: action('logout', async ({ auth, event }) => redirect(303, await signOut(event, auth)))
};
