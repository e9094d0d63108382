import { z } from 'zod';

export const userSorts = ['name', 'email', 'createdAt', 'lastSeenAt', 'usage'] as const;
export const userRoles = ['admin', 'user'] as const;
export const userStatuses = ['active', 'mustChange', 'expired', 'deleted', 'all'] as const;
export const userSignIns = ['password', 'oauth'] as const;
/** Columns that can be shown or not; the name is always there. */
export const userColumns = ['email', 'role', 'status', 'signIn', 'label', 'usage', 'lastSeenAt', 'createdAt'] as const;
export const defaultUserColumns = ['email', 'status', 'usage', 'lastSeenAt', 'createdAt'] as const;
export type UserSort = (typeof userSorts)[number];
export type UserColumn = (typeof userColumns)[number];

/** Up to here the list counts exactly where counting costs time. */
export const countLimit = 10_000;

const searchText = z
	.string()
	.trim()
	.max(254)
	.refine((text) => text.isWellFormed() && !text.includes('\0'));

/** Which accounts: for programs and for what is to be changed, where a wrong value must not widen the choice. */
export const UserFilter = z
	.object({
		/** A part of a name or e-mail address, or a whole id. */
		q: searchText.default(''),
		role: z.enum(userRoles).optional(),
		/** Without it, all that are not deleted. */
		status: z.enum(userStatuses).optional(),
		/** `oauth`: linked to a provider. */
		signIn: z.enum(userSignIns).optional(),
		quota: z.enum(['over']).optional(),
		seen: z.enum(['never']).optional()
	})
	.meta({ id: 'UserFilter' });
export type UserFilter = z.output<typeof UserFilter>;

const cursor = z.string().max(1_000);
const { role, status, signIn, quota, seen } = UserFilter.shape;

/** What the users list shows, as it stands in the page's address; anything else there reads as not given. */
export const UserDirectoryQuery = z.object({
	q: searchText.catch('').default(''),
	role: role.catch(undefined),
	status: status.catch(undefined),
	signIn: signIn.catch(undefined),
	quota: quota.catch(undefined),
	seen: seen.catch(undefined),
	sort: z.enum(userSorts).catch('createdAt').default('createdAt'),
	direction: z.enum(['asc', 'desc']).catch('desc').default('desc'),
	/** Shows the page that follows, or precedes, this place. */
	after: cursor.optional().catch(undefined),
	/** `end` shows the last page. */
	before: cursor.optional().catch(undefined)
});
export type UserDirectoryQuery = z.output<typeof UserDirectoryQuery>;

/** One line of the users list. */
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
	/** When the temporary password runs out or ran out; null where there is none. */
	readonly passwordExpiresAt: string | null;
	readonly quotaSizeInBytes: number | null;
	readonly quotaUsageInBytes: number;
	readonly createdAt: string;
	readonly deletedAt: string | null;
	readonly lastSeenAt: string | null;
}

export interface UserPage {
	readonly users: readonly UserListItem[];
	/** How many match; at least that many where `isTotalExact` is false. */
	readonly total: number;
	readonly isTotalExact: boolean;
	/** How many stand before the first one shown; null where that is not known. */
	readonly offset: number | null;
	readonly next: string | null;
	readonly previous: string | null;
}
