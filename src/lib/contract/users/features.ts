import { z } from 'zod';
import type { UserPreferencesResponseDto, UserPreferencesUpdateDto } from './preferences.ts';

/** Preferences that toggle whole features, with their path in the document. */
export const featurePlaces = {
	memories: ['memories', 'enabled'],
	people: ['people', 'enabled'],
	folders: ['folders', 'enabled'],
	tags: ['tags', 'enabled'],
	ratings: ['ratings', 'enabled'],
	sharedLinks: ['sharedLinks', 'enabled'],
	cast: ['cast', 'gCastEnabled'],
	emails: ['emailNotifications', 'enabled'],
	albumInvite: ['emailNotifications', 'albumInvite'],
	albumUpdate: ['emailNotifications', 'albumUpdate'],
	embeddedVideos: ['download', 'includeEmbeddedVideos'],
	supportBadge: ['purchase', 'showSupportBadge']
} as const;
export type Feature = keyof typeof featurePlaces;

const isFeature = (name: string): name is Feature => Object.hasOwn(featurePlaces, name);
export const features: readonly Feature[] = Object.keys(featurePlaces).filter(isFeature);

/** Each toggle as a checkbox. */
export const FeatureFields = z.object({
	memories: z.boolean(),
	people: z.boolean(),
	folders: z.boolean(),
	tags: z.boolean(),
	ratings: z.boolean(),
	sharedLinks: z.boolean(),
	cast: z.boolean(),
	emails: z.boolean(),
	albumInvite: z.boolean(),
	albumUpdate: z.boolean(),
	embeddedVideos: z.boolean(),
	supportBadge: z.boolean()
} satisfies Record<Feature, z.ZodBoolean>);
export type FeatureStates = z.output<typeof FeatureFields>;

/** Reads the feature toggles from a user's preferences. */
export const toFeatureStates = (preferences: UserPreferencesResponseDto): FeatureStates => ({
	memories: preferences.memories.enabled,
	people: preferences.people.enabled,
	folders: preferences.folders.enabled,
	tags: preferences.tags.enabled,
	ratings: preferences.ratings.enabled,
	sharedLinks: preferences.sharedLinks.enabled,
	cast: preferences.cast.gCastEnabled,
	emails: preferences.emailNotifications.enabled,
	albumInvite: preferences.emailNotifications.albumInvite,
	albumUpdate: preferences.emailNotifications.albumUpdate,
	embeddedVideos: preferences.download.includeEmbeddedVideos,
	supportBadge: preferences.purchase.showSupportBadge
});

/** Builds an update that contains only the given toggles. */
export function toPreferencesUpdate(states: Partial<FeatureStates>): UserPreferencesUpdateDto {
	const update: Record<string, Record<string, boolean>> = {};
	for (const feature of features) {
		const isOn = states[feature];
		const [section, key] = featurePlaces[feature];
		if (isOn !== undefined) (update[section] ??= {})[key] = isOn;
	}
	return update;
}
