import type { RequestEvent } from '@sveltejs/kit';
import type { MaintenancePass } from './tokens.ts';
import { setCookie } from '#lib/server/platform/http/cookies.ts';

export const maintenanceCookie = 'immich_maintenance_token';

/** Hands the browser its maintenance token, for as long as the token is good. */
export function setMaintenanceCookie(event: RequestEvent, pass: MaintenancePass | null): void {
	if (!pass) return;
	const maxAgeSeconds = Math.max(0, pass.expiresAtSeconds - Math.floor(Date.now() / 1_000));
	setCookie(event, maintenanceCookie, pass.token, { maxAgeSeconds });
}

/** Takes it back; it is of no use once maintenance is over. */
export const clearMaintenanceCookie = ({ cookies }: RequestEvent): void =>
	cookies.delete(maintenanceCookie, { path: '/', secure: false });
