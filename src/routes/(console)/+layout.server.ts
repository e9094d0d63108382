import { loadForAnyone } from '#lib/server/platform/http/load.ts';
import { getUserColor } from '#lib/server/features/users/index.ts';

/** User data shown on every console page; access was already checked by the auth hook. */
export const load = loadForAnyone(async ({ locals, url }) => {
	const { auth, container } = locals;
	// Reading the path makes the unread count refresh on every navigation. It is never polled: an open page would keep the
	// session and its PIN unlock alive.
	const path = url.pathname;
	if (!auth) return { user: null, path, notice: null, unreadCount: 0 };
	const { maintenance, notification, oauthFlow } = container.services;
	const providers = oauthFlow.providers().map(({ id: providerId, buttonText }) => ({ id: providerId, buttonText }));
	const { id, name, email, isAdmin, profileImagePath, profileChangedAt } = auth.user;
	const picture = { id, profileImagePath, profileChangedAt: profileChangedAt.toISOString() };
	return {
		user: {
			...picture,
			name,
			email,
			isAdmin,
			avatarColor: getUserColor(auth.user),
			providers,
			isInFront: container.upstream !== null
		},
		path,
		notice: maintenance.notice(),
		unreadCount: await notification.countUnread(auth)
	};
});
