import { redirect } from '@sveltejs/kit';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

/** Leads everybody to the page they most likely came for. */
export const load = loadFor(({ auth }) => redirect(303, auth.user.isAdmin ? '/admin/users' : '/account/profile'));
