import type { RequestEvent } from '@sveltejs/kit';
import type { MaintenancePlan, MaintenanceView } from '#lib/contract/maintenance/maintenance.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { setMaintenanceCookie } from './cookie.http.ts';
import { findMaintenanceToken } from './guard.http.ts';

/** Reads a token from the body or from where the guard finds one, and sets it as a cookie. */
export async function signInToMaintenance(event: RequestEvent, sentToken: string | undefined) {
	const token = sentToken ?? findMaintenanceToken(event)?.token;
	const claims = await event.locals.container.services.maintenance.login(token);
	if (token !== undefined && claims.exp !== undefined)
		setMaintenanceCookie(event, { token, expiresAtSeconds: claims.exp });
	return claims;
}

/** Announces or starts maintenance, and gives the admin's browser the token to end it with. */
export async function planMaintenance(
	event: RequestEvent,
	auth: Auth,
	plan: MaintenancePlan
): Promise<MaintenanceView> {
	const { view, pass } = await event.locals.container.services.maintenance.plan(auth, plan);
	setMaintenanceCookie(event, pass);
	return view;
}
