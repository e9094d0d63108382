import { redirect } from '@sveltejs/kit';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

/** Redirects users to their home page. */
export const load = loadFor(({ auth }) => redirect(303, auth.user.isAdmin ? '/admin' : '/home'));
