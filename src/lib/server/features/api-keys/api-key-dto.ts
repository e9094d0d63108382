import type { ApiKeyDetails } from '#lib/contract/api-keys/api-key-details.ts';
import type { ApiKey } from '#lib/contract/api-keys/api-key.ts';
import { isGrantable, permissions, type Permission } from '#lib/contract/permissions/permission.ts';
import type { ApiKeyRow } from './api-key.repository.ts';

const known = new Set<string>(permissions);
const isPermission = (value: string): value is Permission => known.has(value);

/** Leaves out permissions that Immich's clients don't know: they would reject the whole response. */
export const filterKnown = (held: readonly string[]): Permission[] => held.filter(isPermission);

/** The key in Immich's format. */
export const toApiKeyDto = ({ id, name, permissions: held, createdAt, updatedAt }: ApiKeyRow): ApiKey => ({
	id,
	name,
	permissions: filterKnown(held),
	createdAt: createdAt.toISOString(),
	updatedAt: updatedAt.toISOString()
});

/** The key with our additional fields. */
export const toApiKeyDetails = (row: ApiKeyRow): ApiKeyDetails => ({
	...toApiKeyDto(row),
	permissions: row.permissions.filter(isGrantable),
	prefix: row.prefix,
	lastFour: row.lastFour,
	expiresAt: row.expiresAt?.toISOString() ?? null,
	lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
	lastUsedFrom: row.lastUsedFrom,
	lastUsedBy: row.lastUsedBy
});
