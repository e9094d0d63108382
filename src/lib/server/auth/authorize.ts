import type { Access } from '#lib/contract/operation.ts';
import type { AnyPermission } from '#lib/contract/permission.ts';
import { forbidden, missingPermission, unauthorized } from '../errors.ts';
import type { Auth } from './auth.ts';

/**
 * Throws unless `auth` satisfies `access`; the only place access is decided. Source: wire reference 2.3.
 * Gives the permission that was demanded of a key, and null where none was or the caller has no need of one.
 */
export function authorize(auth: Auth | null, access: Access): AnyPermission | null {
	if ('public' in access) return null;
	if (!auth) throw unauthorized();
	if (access.admin && !auth.user.isAdmin) throw forbidden();
	const wanted = access.permission ?? 'all';
	if (auth.credential.kind === 'session' || wanted === 'none') return null;
	if (!grants(auth.credential.permissions, wanted)) throw missingPermission(wanted);
	return wanted;
}

/** `all` covers every other permission; nothing else covers anything but itself. Source: wire reference 2.6. */
export const grants = (held: readonly string[], wanted: string): boolean =>
	held.includes('all') || held.includes(wanted);
