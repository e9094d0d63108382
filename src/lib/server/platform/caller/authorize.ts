import type { Access } from '#lib/contract/operation.ts';
import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import { elevationRequired, forbidden, missingPermission, unauthorized } from '../errors.ts';
import { isElevated, type Identity } from './caller.ts';

/**
 * The only place where access is decided. Returns the permission that an API key needed; null if it needed none.
 * Source: docs/wire-reference/credentials.md#checks-after-authentication.
 * @throws {AppError} 401 without a caller, 403 if `access` doesn't admit the caller.
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

/** Whether the caller has a session, or a key with `all`. */
export const hasAll = ({ credential }: Identity): boolean =>
	credential.kind !== 'apiKey' || credential.permissions.includes('all');

/**
 * Admits a session, or a key with `all`: a lesser key could escalate by changing credentials or roles.
 * @throws {AppError} 403 for other keys
 */
export function requireAll(auth: Identity): void {
	if (!hasAll(auth)) throw missingPermission('all');
}

/**
 * `all` includes every permission; any other covers only itself.
 * Source: docs/wire-reference/credentials.md#api-key-secrets.
 */
export const grants = (held: readonly string[], wanted: string): boolean =>
	held.includes('all') || held.includes(wanted);
