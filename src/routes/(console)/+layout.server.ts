import { loadForAnyone } from '#lib/server/platform/http/load.ts';
import { colorOf } from '#lib/server/features/users/index.ts';

/** What every console page shows of the reader; who may read it was decided at the door. */
export const load = loadForAnyone(async ({ locals, url }) => {
	const { auth, container } = locals;
	// Read from here, so that what is unread is counted anew for each page that is opened. Nothing asks for it by itself: a
	// page left open would keep a session in use, and what its PIN has unlocked.
	const path = url.pathname;
	if (!auth) return { user: null, path, notice: null, unreadCount: 0 };
	const { maintenance, notifications, oauthFlows } = container.services;
	const providers = oauthFlows.providers().map(({ id: providerId, buttonText }) => ({ id: providerId, buttonText }));
	const { id, name, email, isAdmin, profileImagePath, profileChangedAt } = auth.user;
	const picture = { id, profileImagePath, profileChangedAt: profileChangedAt.toISOString() };
	return {
		user: { ...picture, name, email, isAdmin, avatarColor: colorOf(auth.user), providers },
		path,
		notice: maintenance.notice(),
		unreadCount: await notifications.countUnread(auth)
	};
});
