import { isElevated, type Identity } from '#lib/server/platform/caller/caller.ts';
import { accessRules, type LinkRight, type ObjectPermission } from './access-rules.ts';
import { noAccess } from './errors.ts';
import type { AccessRepositories } from './repositories.ts';

/** Asks for a permission for some objects. */
export interface AccessRequest {
	readonly auth: Identity;
	readonly permission: ObjectPermission;
	/** UUIDs; in upper case they name the same objects. */
	readonly ids: readonly string[];
}

/** Whether the caller isn't a shared link, or is one with this right. */
const hasRight = ({ credential }: Identity, right: LinkRight): boolean =>
	credential.kind !== 'sharedLink' || credential[right];

/**
 * Returns those of the IDs that the caller has the permission for, in lower case. In a transaction it reads what that sees.
 * It decides about objects only: whether the credential may use the operation was decided by the auth hook.
 */
export async function checkAccess(
	{ access }: AccessRepositories,
	{ auth, permission, ids }: AccessRequest
): Promise<ReadonlySet<string>> {
	const rule = accessRules[permission];
	if ('linkNeeds' in rule && !hasRight(auth, rule.linkNeeds)) return new Set();
	const { credential } = auth;
	const subject = {
		userId: auth.user.id,
		isElevated: isElevated(auth),
		linkId: credential.kind === 'sharedLink' ? credential.linkId : null
	};
	return new Set(await access.listAllowed(permission, ids, subject));
}

/**
 * Checks that the caller has the permission for all of the objects.
 * @throws {AppError} 400 `Not found or no … access` otherwise
 */
export async function requireAccess(repositories: AccessRepositories, request: AccessRequest): Promise<void> {
	const allowed = await checkAccess(repositories, request);
	if (!request.ids.every((id) => allowed.has(id.toLowerCase()))) throw noAccess(request.permission);
}
