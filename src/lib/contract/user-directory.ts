import { z } from 'zod';

export const userSorts = ['name', 'email', 'createdAt', 'lastSeenAt', 'usage'] as const;
export const userRoles = ['admin', 'user'] as const;
export const userStatuses = ['active', 'mustChange', 'deleted', 'all'] as const;
export type UserSort = (typeof userSorts)[number];

const cursor = z.string().max(1_000);

/** What the users list shows, as it stands in the page's address; anything else there reads as not given. */
export const UserDirectoryQuery = z.object({
	q: z
		.string()
		.trim()
		.max(254)
		.refine((text) => text.isWellFormed() && !text.includes('\0'))
		.catch('')
		.default(''),
	role: z.enum(userRoles).optional().catch(undefined),
	status: z.enum(userStatuses).optional().catch(undefined),
	sort: z.enum(userSorts).catch('createdAt').default('createdAt'),
	direction: z.enum(['asc', 'desc']).catch('desc').default('desc'),
	/** Shows the page that follows, or precedes, this place. */
	after: cursor.optional().catch(undefined),
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
	readonly total: number;
	/** How many stand before the first one shown. */
	readonly offset: number;
	readonly next: string | null;
	readonly previous: string | null;
}
