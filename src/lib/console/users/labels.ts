import type { Feature } from '#lib/contract/users/features.ts';

interface FeatureText {
	readonly feature: Feature;
	readonly label: string;
	/** Describes the on state. */
	readonly description: string;
}

/** Descriptions of the features for admins, by group. */
export const featureGroups: readonly { readonly title: string; readonly items: readonly FeatureText[] }[] = [
	{
		title: 'Browsing',
		items: [
			{ feature: 'memories', label: 'Memories', description: 'Show photos from this day in past years.' },
			{ feature: 'people', label: 'People', description: 'Group photos by the people in them.' },
			{ feature: 'folders', label: 'Folders', description: 'Browse photos by folder.' },
			{ feature: 'tags', label: 'Tags', description: 'Organize photos with tags.' },
			{ feature: 'ratings', label: 'Stars', description: 'Lets photos be given one to five stars.' }
		]
	},
	{
		title: 'Sharing',
		items: [
			{ feature: 'sharedLinks', label: 'Shared links', description: 'Show shared links in the sidebar.' },
			{ feature: 'cast', label: 'Casting', description: 'Shows photos on a television by Google Cast.' },
			{
				feature: 'embeddedVideos',
				label: 'Moving pictures in downloads',
				description: 'Adds the short film of a live photo to a download.'
			}
		]
	},
	{
		title: 'Notifications',
		items: [
			{ feature: 'emails', label: 'Email', description: 'Allows email. This server sends none yet.' },
			{
				feature: 'albumInvite',
				label: 'Email about invitations',
				description: 'Email when an album is shared with this user. Not sent yet.'
			},
			{
				feature: 'albumUpdate',
				label: 'Email about new photos',
				description: 'Email about new photos in a shared album. Not sent yet.'
			},
			{ feature: 'supportBadge', label: 'Supporter’s badge', description: 'Shows that Immich is paid for.' }
		]
	}
];

/** Who chose a user's password. */
export const passwordOrigins = {
	owner: 'Chosen by this user',
	administrator: 'Set by an administrator',
	unknown: 'Last change unknown'
};
