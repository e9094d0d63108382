import type { LayoutServerLoad } from './$types';
import { colorOf } from '#lib/server/services/user-dto.ts';

/** What every console page shows of the reader; who may read it was decided at the door. */
export const load: LayoutServerLoad = ({ locals }) => {
	const user = locals.auth?.user;
	if (!user) return { user: null, notice: null };
	const notice = locals.container.services.maintenance.notice();
	const { id, name, email, isAdmin, profileImagePath, profileChangedAt } = user;
	const picture = { id, profileImagePath, profileChangedAt: profileChangedAt.toISOString() };
	return { user: { ...picture, name, email, isAdmin, avatarColor: colorOf(user) }, notice };
};
