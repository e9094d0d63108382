/** What determines whether a user has a picture, and which. */
export interface Pictured {
	readonly id: string;
	readonly profileImagePath: string;
	readonly profileChangedAt: string;
	/** A deleted user's picture is never shown. */
	readonly deletedAt?: string | null;
}

/** Returns the URL of a user's picture, unique per version; null if there is none. */
export const getPictureUrl = ({ id, profileImagePath, profileChangedAt, deletedAt = null }: Pictured): string | null =>
	profileImagePath === '' || deletedAt !== null
		? null
		: `/api/users/${id}/profile-image?updatedAt=${encodeURIComponent(profileChangedAt)}`;
