import type { Prisma } from '#lib/server/platform/database/database.ts';
import type { ImmichDatabase } from '#lib/server/platform/database/immich-tables.ts';

/** Everything of a user that is no secret. */
const columns = {
	id: true,
	email: true,
	name: true,
	createdAt: true,
	updatedAt: true,
	deletedAt: true,
	profileImagePath: true,
	profileChangedAt: true,
	avatarColor: true,
	isAdmin: true,
	shouldChangePassword: true,
	oauthId: true,
	storageLabel: true,
	quotaSizeInBytes: true,
	quotaUsageInBytes: true,
	status: true,
	clusterGroupId: true,
	metadata: { where: { key: 'license' }, select: { value: true } }
} as const satisfies Prisma.UserSelect;

type Selected = Omit<Prisma.UserGetPayload<{ select: typeof columns }>, 'clusterGroupId'> & {
	readonly clusterGroupId?: string;
};

/** A user row without its secrets, but with the user's product key. */
export interface UserRow extends Omit<Selected, 'metadata'> {
	/** The user's own ID on an Immich that has no cluster groups. */
	readonly clusterGroupId: string;
	readonly license: unknown;
}

/** Selects the columns that the database has. */
export function selectColumns(immich: ImmichDatabase | null): typeof columns {
	if (immich?.hasClusterGroups !== false) return columns;
	const { clusterGroupId: _, ...present } = columns;
	return present as typeof columns;
}

export function toRow({ metadata, clusterGroupId, ...row }: Selected): UserRow {
	return { ...row, clusterGroupId: clusterGroupId ?? row.id, license: metadata[0]?.value ?? null };
}
