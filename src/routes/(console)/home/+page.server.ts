import { buildQrCode } from '#lib/server/features/shared-links/qr-code.http.ts';
import { NotificationPageQuery } from '#lib/contract/notifications/notification.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

/** How many photos, devices and messages are shown. */
const shown = { photos: 12, devices: 4, notifications: 3 };

export const load = loadFor(async ({ auth, services, event }) => {
	const origin = publicOrigin(event);
	const [found, devices, notifications, qrCode] = await Promise.all([
		services.assetSearch.search(auth, { size: shown.photos, page: 1, visibility: 'timeline', order: 'desc' }),
		services.session.devices(auth, {}),
		services.notification.page(auth, NotificationPageQuery.parse({})),
		buildQrCode(origin)
	]);
	return {
		origin,
		qrCode,
		photos: found.assets.items.map(({ id, type }) => ({ id, isImage: type === 'IMAGE' })),
		current: devices.current,
		others: devices.others.sessions.slice(0, shown.devices - 1),
		sessionCount: devices.others.total + (devices.current ? 1 : 0),
		notifications: notifications.notifications.slice(0, shown.notifications)
	};
});
