import type { RequestEvent } from '@sveltejs/kit';
import type { MaintenancePass } from './tokens.ts';
import { setCookie } from '#lib/server/platform/http/cookies.ts';

export const maintenanceCookie = 'immich_maintenance_token';

/** Sets the maintenance token's cookie, which expires with the token. */
export function setMaintenanceCookie(event: RequestEvent, pass: MaintenancePass | null): void {
	if (!pass) return;
	const maxAgeSeconds = Math.max(0, pass.expiresAtSeconds - Math.floor(Date.now() / 1_000));
	setCookie(event, maintenanceCookie, pass.token, { maxAgeSeconds });
}

/** Deletes the cookie, which is useless after maintenance. */
export const clearMaintenanceCookie = ({ cookies }: RequestEvent): void =>
	cookies.delete(maintenanceCookie, { path: '/', secure: false });
