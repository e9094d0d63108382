import type { Access } from '#lib/contract/operation.ts';
import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import { elevationRequired, forbidden, linkPasswordRequired, missingPermission, unauthorized } from '../errors.ts';
import { isElevated, type Identity, type SharedLinkCredential } from './caller.ts';

/**
 * The only place where access is decided. Returns the permission that an API key needed; null if it needed none.
 * Source: docs/wire-reference/credentials.md#checks-after-authentication.
 * @throws {AppError} 401 without a caller or the password of a shared link, 403 if `access` doesn't admit the caller.
 */
export function authorize(auth: Identity | null, access: Access): AnyPermission | null {
	if ('public' in access) return null;
	if (!auth) throw unauthorized();
	if (access.admin && !auth.user.isAdmin) throw forbidden();
	if (auth.credential.kind === 'sharedLink') return admitLink(auth.credential, access);
	const wanted = access.permission ?? 'all';
	const isDemanded = auth.credential.kind === 'apiKey' && wanted !== 'none';
	if (isDemanded && !grants(auth.credential.permissions, wanted)) throw missingPermission(wanted);
	if (access.elevated && !isElevated(auth)) throw elevationRequired();
	return isDemanded ? wanted : null;
}

/** A link is admitted only where that is declared, whatever its creator may do. */
function admitLink({ isProven }: SharedLinkCredential, access: Exclude<Access, { readonly public: true }>): null {
	if (!access.sharedLink || access.elevated) throw forbidden();
	if (!isProven && access.sharedLink !== 'withoutPassword') throw linkPasswordRequired();
	return null;
}

/** Whether the caller has a session, or a key with `all`. */
export const hasAll = ({ credential }: Identity): boolean =>
	credential.kind === 'apiKey' ? credential.permissions.includes('all') : credential.kind !== 'sharedLink';

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
