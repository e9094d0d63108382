import type { z } from 'zod';
import { getAvatarColor, avatarColors, type AvatarColor } from '#lib/contract/users/avatar-color.ts';
import { UserLicense, type UserAdmin, type UserResponseDto } from '#lib/contract/users/user.ts';
import type { UserRow } from './user.repository.ts';

const isAvatarColor = (value: string): value is AvatarColor => avatarColors.some((color) => color === value);

/** The stored color, or the one derived from the email. */
export const getUserColor = ({ avatarColor, email }: Pick<UserRow, 'avatarColor' | 'email'>): AvatarColor =>
	avatarColor !== null && isAvatarColor(avatarColor) ? avatarColor : getAvatarColor(email);

/** The columns of a user that every other user can see. */
export const publicUserColumns = {
	id: true,
	email: true,
	name: true,
	profileImagePath: true,
	avatarColor: true,
	profileChangedAt: true
} as const;
export type PublicUser = Pick<UserRow, keyof typeof publicUserColumns>;

/** What every user can see of a user. */
export const toUserDto = (user: PublicUser): z.input<typeof UserResponseDto> => ({
	id: user.id,
	email: user.email,
	name: user.name,
	profileImagePath: user.profileImagePath,
	avatarColor: getUserColor(user),
	profileChangedAt: user.profileChangedAt.toISOString()
});

/** A failed parse costs far more than the rest of a user, and most have no license. */
const getLicense = ({ license }: UserRow): UserAdmin['license'] =>
	license === null ? null : Object.freeze(UserLicense.safeParse(license).data ?? null);

/** The identity cache returns the same row for many requests. */
const cache = new WeakMap<UserRow, UserAdmin>();

/** What the user and admins can see of a user. */
export function toUserAdminDto(user: UserRow): UserAdmin {
	const dto = cache.get(user) ?? describe(user);
	cache.set(user, dto);
	return dto;
}

/** Frozen, so that its JSON is rendered only once. */
const describe = (user: UserRow): UserAdmin =>
	Object.freeze<UserAdmin>({
		...toUserDto(user),
		storageLabel: user.storageLabel,
		shouldChangePassword: user.shouldChangePassword,
		isAdmin: user.isAdmin,
		createdAt: user.createdAt.toISOString(),
		deletedAt: user.deletedAt?.toISOString() ?? null,
		updatedAt: user.updatedAt.toISOString(),
		oauthId: user.oauthId,
		quotaSizeInBytes: user.quotaSizeInBytes === null ? null : Number(user.quotaSizeInBytes),
		quotaUsageInBytes: Math.max(0, Number(user.quotaUsageInBytes)),
		status: user.status === 'removing' || user.status === 'deleted' ? user.status : 'active',
		license: getLicense(user),
		clusterGroupId: user.clusterGroupId
	});
