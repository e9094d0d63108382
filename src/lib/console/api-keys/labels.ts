import { dayMs } from '#lib/contract/day.ts';
import type { ApiKeyDetails } from '#lib/contract/api-keys/api-key-details.ts';

/** An expiry this close is highlighted. */
const soonMs = 7 * dayMs;
const namedInShort = 3;

/** Recognizable part of a key: ‘aB3x…9QzT’; null for keys not created here. */
export const formatMaskedKey = ({ prefix, lastFour }: Pick<ApiKeyDetails, 'prefix' | 'lastFour'>): string | null =>
	prefix === null || lastFour === null ? null : `${prefix}…${lastFour}`;

/** Never empty, though a name may be. */
export const getKeyTitle = ({ name }: Pick<ApiKeyDetails, 'name'>): string => name.trim() || 'Unnamed key';

/** Summarizes a key's permissions: ‘Everything’, ‘asset.read and user.read’, ‘12 permissions’. */
export function permissionsInShort(permissions: readonly string[]): string {
	if (permissions.includes('all')) return 'Full access';
	if (permissions.length === 0) return 'No permissions';
	return permissions.length <= namedInShort ? permissions.join(', ') : `${permissions.length} permissions`;
}

/** Returns how close a key's expiry is. */
export function getExpiryState(expiresAt: string | null, nowMs: number): 'endless' | 'long' | 'soon' | 'over' {
	if (expiresAt === null) return 'endless';
	const leftMs = Date.parse(expiresAt) - nowMs;
	return leftMs <= 0 ? 'over' : leftMs <= soonMs ? 'soon' : 'long';
}
