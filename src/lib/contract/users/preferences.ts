import { z } from 'zod';
import { avatarColors } from './avatar-color.ts';
import { diffDocument, mergeDocument, overlay, type JsonObject } from '../settings/document/sparse-document.ts';

const sections = {
	albums: z.object({ defaultAssetOrder: z.enum(['asc', 'desc']) }),
	folders: z.object({ enabled: z.boolean(), sidebarWeb: z.boolean() }),
	memories: z.object({ enabled: z.boolean(), duration: z.int().min(1), sidebarWeb: z.boolean() }),
	people: z.object({ enabled: z.boolean(), sidebarWeb: z.boolean(), minimumFaces: z.int().min(1) }),
	sharedLinks: z.object({ enabled: z.boolean(), sidebarWeb: z.boolean() }),
	ratings: z.object({ enabled: z.boolean() }),
	tags: z.object({ enabled: z.boolean(), sidebarWeb: z.boolean() }),
	emailNotifications: z.object({ enabled: z.boolean(), albumInvite: z.boolean(), albumUpdate: z.boolean() }),
	download: z.object({ archiveSize: z.int().min(1), includeEmbeddedVideos: z.boolean() }),
	purchase: z.object({ showSupportBadge: z.boolean(), hideBuyButtonUntil: z.string().max(100) }),
	cast: z.object({ gCastEnabled: z.boolean() }),
	recentlyAdded: z.object({ sidebarWeb: z.boolean() })
};

export const UserPreferencesResponseDto = z.object(sections).meta({ id: 'UserPreferencesResponseDto' });
export type UserPreferencesResponseDto = z.output<typeof UserPreferencesResponseDto>;

export const UserPreferencesUpdateDto = z
	.object({
		albums: sections.albums.partial().optional(),
		/** Accepted and ignored, as in Immich: the color is a column of the user. */
		avatar: z.object({ color: z.enum(avatarColors).optional() }).optional(),
		folders: sections.folders.partial().optional(),
		memories: sections.memories.partial().optional(),
		people: sections.people.partial().optional(),
		sharedLinks: sections.sharedLinks.partial().optional(),
		ratings: sections.ratings.partial().optional(),
		tags: sections.tags.partial().optional(),
		emailNotifications: sections.emailNotifications.partial().optional(),
		download: sections.download.partial().optional(),
		purchase: sections.purchase.partial().optional(),
		cast: sections.cast.partial().optional(),
		recentlyAdded: sections.recentlyAdded.partial().optional()
	})
	.meta({ id: 'UserPreferencesUpdateDto' });
export type UserPreferencesUpdateDto = z.output<typeof UserPreferencesUpdateDto>;

export const preferencesDefaults: UserPreferencesResponseDto = {
	albums: { defaultAssetOrder: 'desc' },
	folders: { enabled: false, sidebarWeb: false },
	memories: { enabled: true, duration: 5, sidebarWeb: false },
	people: { enabled: true, sidebarWeb: false, minimumFaces: 3 },
	sharedLinks: { enabled: true, sidebarWeb: false },
	ratings: { enabled: false },
	tags: { enabled: false, sidebarWeb: false },
	emailNotifications: { enabled: true, albumInvite: true, albumUpdate: true },
	download: { archiveSize: 4 * 1024 ** 3, includeEmbeddedVideos: false },
	purchase: { showSupportBadge: true, hideBuyButtonUntil: '2022-02-12T00:00:00.000Z' },
	cast: { gCastEnabled: false },
	recentlyAdded: { sidebarWeb: false }
};

/** Merges stored preferences with the defaults. An invalid value falls back to its default. */
export function mergePreferences(stored: unknown): UserPreferencesResponseDto {
	return mergeDocument(UserPreferencesResponseDto, preferencesDefaults, stored).config;
}

/** Returns the preferences after `update`: omitted values stay, an empty text restores the default. */
export function applyPreferencesUpdate(
	current: UserPreferencesResponseDto,
	update: UserPreferencesUpdateDto
): UserPreferencesResponseDto {
	return mergePreferences(sparsePreferences(UserPreferencesResponseDto.parse(overlay(current, update))));
}

/** Reduces preferences to what is stored: nonblank values that differ from the defaults. */
export function sparsePreferences(full: UserPreferencesResponseDto): JsonObject {
	return diffDocument(full, preferencesDefaults);
}
