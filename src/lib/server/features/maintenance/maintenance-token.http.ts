import type { RequestEvent } from '@sveltejs/kit';
import { verifyMaintenanceToken, type MaintenancePass } from './tokens.ts';
import { setCookie } from '#lib/server/platform/http/cookies.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { accessTokenCookie, bearerToken } from '#lib/server/platform/caller/credentials.ts';
import { invalidMaintenanceToken, missingMaintenanceToken } from './errors.ts';
import { getPeriodId } from './state.ts';
import type { Guard } from '#lib/server/hooks/auth-hook.ts';
import { getClientInfo } from '#lib/server/platform/http/client-info.ts';
import type { MaintenancePlan, MaintenanceView } from '#lib/contract/maintenance/maintenance.ts';

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

/** No user's ID: a token contains its holder's name only. */
const placeholderUserId = '00000000-0000-0000-0000-000000000000';

/**
 * The guard of maintenance mode: admits operations marked as open, for tokens of this period only. No user and no
 * session is read.
 * @throws {AppError} 401 without a valid token where one is needed, 503 for everything else
 */
export const maintenanceGuard: Guard = {
	admits: (requested) => requested?.isOpenInMaintenance === true,
	authenticate: async (event): Promise<Auth> => {
		const { current } = event.locals.container.maintenance;
		const found = findMaintenanceToken(event);
		if (!found) throw missingMaintenanceToken();
		const claims = current.kind === 'on' && (await verifyMaintenanceToken(current.details.secret, found.token));
		if (!claims) throw invalidMaintenanceToken();
		const user = { id: placeholderUserId, email: '', name: claims.username, isAdmin: true };
		return {
			user: { ...user, avatarColor: null, profileImagePath: '', profileChangedAt: new Date(0) },
			credential: { kind: 'maintenance', isAmbient: found.isAmbient, period: getPeriodId(current.details.secret) },
			clientInfo: getClientInfo(event)
		};
	}
};

/** Returns the only token that counts: if it is invalid, no other is tried. */
export function findMaintenanceToken({ request, cookies }: RequestEvent) {
	const sent = bearerToken(request.headers.get('authorization')?.trim());
	if (sent) return { token: sent, isAmbient: false };
	const kept = cookies.get(maintenanceCookie) ?? cookies.get(accessTokenCookie);
	return kept ? { token: kept, isAmbient: true } : null;
}

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
