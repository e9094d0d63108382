/** What tells whether a person has a picture, and which. */
export interface Pictured {
	readonly id: string;
	readonly profileImagePath: string;
	readonly profileChangedAt: string;
	/** A deleted person's picture is shown to nobody. */
	readonly deletedAt?: string | null;
}

/** Gives the address of a person's picture, another for each new picture; null where there is none. */
export const pictureOf = ({ id, profileImagePath, profileChangedAt, deletedAt = null }: Pictured): string | null =>
	profileImagePath === '' || deletedAt !== null
		? null
		: `/api/users/${id}/profile-image?updatedAt=${encodeURIComponent(profileChangedAt)}`;
