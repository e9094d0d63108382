import type { Access } from '#lib/contract/operation.ts';
import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import { elevationRequired, forbidden, missingPermission, unauthorized } from '../errors.ts';
import { isElevated, type Identity } from './caller.ts';

/**
 * Throws unless `auth` satisfies `access`; the only place access is decided. Source: wire reference 2.3, 2.7. Returns the
 * permission required of an API key; null if none was or the caller doesn't need one.
 */
export function authorize(auth: Identity | null, access: Access): AnyPermission | null {
	if ('public' in access) return null;
	if (!auth) throw unauthorized();
	if (access.admin && !auth.user.isAdmin) throw forbidden();
	const wanted = access.permission ?? 'all';
	const isDemanded = auth.credential.kind === 'apiKey' && wanted !== 'none';
	if (isDemanded && !grants(auth.credential.permissions, wanted)) throw missingPermission(wanted);
	if (access.elevated && !isElevated(auth)) throw elevationRequired();
	return isDemanded ? wanted : null;
}

/**
 * Throws unless the caller has a session or a key with `all`: a lesser key could escalate by changing credentials or roles.
 */
export function requireAll({ credential }: Identity): void {
	if (credential.kind === 'apiKey' && !credential.permissions.includes('all')) throw missingPermission('all');
}

/** `all` includes every permission; any other covers only itself. Source: wire reference 2.6. */
export const grants = (held: readonly string[], wanted: string): boolean =>
	held.includes('all') || held.includes(wanted);
