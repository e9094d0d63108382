import type { RequestEvent } from '@sveltejs/kit';
import type { MaintenancePlan, MaintenanceView } from '#lib/contract/maintenance/maintenance.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { setMaintenanceCookie } from './cookie.http.ts';
import { findMaintenanceToken } from './guard.http.ts';

/** Takes a token from the body, else from where the guard looks for one, and keeps it in the browser's cookie. */
export async function signInToMaintenance(event: RequestEvent, given: string | undefined) {
	const token = given ?? findMaintenanceToken(event)?.token;
	const claims = await event.locals.container.services.maintenance.login(token);
	if (token !== undefined && claims.exp !== undefined)
		setMaintenanceCookie(event, { token, expiresAtSeconds: claims.exp });
	return claims;
}

/** Announces or begins maintenance, and gives the browser of whoever does the token to end it with. */
export async function planMaintenance(
	event: RequestEvent,
	auth: Auth,
	plan: MaintenancePlan
): Promise<MaintenanceView> {
	const { view, pass } = await event.locals.container.services.maintenance.plan(auth, plan);
	setMaintenanceCookie(event, pass);
	return view;
}
