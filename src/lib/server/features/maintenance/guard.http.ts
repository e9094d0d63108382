import type { RequestEvent } from '@sveltejs/kit';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { accessTokenCookie, bearerToken } from '#lib/server/platform/caller/credentials.ts';
import { invalidMaintenanceToken, missingMaintenanceToken } from './errors.ts';
import { getPeriodId } from './state.ts';
import { verifyMaintenanceToken } from './tokens.ts';
import type { Guard } from '#lib/server/hooks/auth-hook.ts';
import { maintenanceCookie } from './cookie.http.ts';
import { getClientInfo } from '#lib/server/platform/http/client-info.ts';

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
