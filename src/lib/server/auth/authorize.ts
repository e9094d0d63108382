import type { Access } from '#lib/contract/operation.ts';
import { elevationRequired, forbidden, missingPermission, unauthorized } from '../errors.ts';
import { isElevated, type Identity } from './auth.ts';

/** Throws unless `auth` satisfies `access`; the only place access is decided. Source: wire reference 2.3, 2.7. */
export function authorize(auth: Identity | null, access: Access): void {
	if ('public' in access) return;
	if (!auth) throw unauthorized();
	if (access.admin && !auth.user.isAdmin) throw forbidden();
	const wanted = access.permission ?? 'all';
	if (auth.credential.kind === 'apiKey' && wanted !== 'none' && !grants(auth.credential.permissions, wanted))
		throw missingPermission(wanted);
	if (access.elevated && !isElevated(auth)) throw elevationRequired();
}

/** `all` covers every other permission; nothing else covers anything but itself. Source: wire reference 2.6. */
export const grants = (held: readonly string[], wanted: string): boolean =>
	held.includes('all') || held.includes(wanted);
