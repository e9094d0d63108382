import type { RequestEvent } from '@sveltejs/kit';
import type { MaintenancePass } from '../maintenance/tokens.ts';

export const maintenanceCookie = 'immich_maintenance_token';

/** Hands the browser its maintenance token, for as long as the token is good. */
export function setMaintenanceCookie(event: RequestEvent, pass: MaintenancePass | null): void {
	if (!pass) return;
	const { alwaysSecure } = event.locals.container.settings.current.immichAuth.cookies;
	event.cookies.set(maintenanceCookie, pass.token, {
		maxAge: Math.max(0, pass.expiresAtSeconds - Math.floor(Date.now() / 1_000)),
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: alwaysSecure || event.url.protocol === 'https:'
	});
}

/** Takes it back; it is of no use once maintenance is over. */
export const clearMaintenanceCookie = ({ cookies }: RequestEvent): void =>
	cookies.delete(maintenanceCookie, { path: '/', secure: false });
