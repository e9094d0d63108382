import { z } from 'zod';
import { pageFields } from '../fields.ts';

export const userSorts = ['name', 'email', 'createdAt', 'lastSeenAt', 'usage'] as const;
export const userRoles = ['admin', 'user'] as const;
export const userStatuses = ['active', 'mustChange', 'expired', 'deleted', 'all'] as const;
export const userSignIns = ['password', 'oauth'] as const;
/** Optional columns; the name is always shown. */
export const userColumns = ['email', 'role', 'status', 'signIn', 'label', 'usage', 'lastSeenAt', 'createdAt'] as const;
export const defaultUserColumns = ['email', 'status', 'usage', 'lastSeenAt', 'createdAt'] as const;
export type UserSort = (typeof userSorts)[number];
export type UserColumn = (typeof userColumns)[number];

/** The list counts exactly up to here where counting is expensive. */
export const countLimit = 10_000;

const searchText = z
	.string()
	.trim()
	.max(254)
	.refine((text) => text.isWellFormed() && !text.includes('\0'));

/** Filter for programs and bulk actions: an invalid value is rejected so that it can't widen the selection. */
export const UserFilter = z
	.object({
		/** Part of a name or email, or a full ID. */
		q: searchText.default(''),
		role: z.enum(userRoles).optional(),
		/** Defaults to all users that are not deleted. */
		status: z.enum(userStatuses).optional(),
		/** `oauth`: linked to a provider. */
		signIn: z.enum(userSignIns).optional(),
		quota: z.enum(['over']).optional(),
		seen: z.enum(['never']).optional()
	})
	.meta({ id: 'UserFilter' });
export type UserFilter = z.output<typeof UserFilter>;

const { role, status, signIn, quota, seen } = UserFilter.shape;

/** The users page's query parameters; invalid values are ignored. */
export const UserDirectoryQuery = z.object({
	q: searchText.catch('').default(''),
	role: role.catch(undefined),
	status: status.catch(undefined),
	signIn: signIn.catch(undefined),
	quota: quota.catch(undefined),
	seen: seen.catch(undefined),
	sort: z.enum(userSorts).catch('createdAt').default('createdAt'),
	direction: z.enum(['asc', 'desc']).catch('desc').default('desc'),
	...pageFields
});
export type UserDirectoryQuery = z.output<typeof UserDirectoryQuery>;

/** A row of the users list. */
export interface UserListItem {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly avatarColor: string;
	readonly profileImagePath: string;
	readonly profileChangedAt: string;
	readonly isAdmin: boolean;
	readonly isOAuthLinked: boolean;
	readonly hasPassword: boolean;
	readonly storageLabel: string | null;
	readonly mustChangePassword: boolean;
	/** When the temporary password expires or expired; null if there is none. */
	readonly passwordExpiresAt: string | null;
	readonly quotaSizeInBytes: number | null;
	readonly quotaUsageInBytes: number;
	readonly createdAt: string;
	readonly deletedAt: string | null;
	readonly lastSeenAt: string | null;
}

export interface UserPage {
	readonly users: readonly UserListItem[];
	/** Number of matches; a lower bound if `isTotalExact` is false. */
	readonly total: number;
	readonly isTotalExact: boolean;
	/** Number of matches before the first one shown; null if unknown. */
	readonly offset: number | null;
	readonly next: string | null;
	readonly previous: string | null;
}
