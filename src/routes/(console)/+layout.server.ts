import type { LayoutServerLoad } from './$types';
import { colorOf } from '#lib/server/services/user-dto.ts';

/** What every console page shows of the reader; who may read it was decided at the door. */
export const load: LayoutServerLoad = ({ locals }) => {
	const user = locals.auth?.user;
	return { user: user && { name: user.name, email: user.email, isAdmin: user.isAdmin, avatarColor: colorOf(user) } };
};
