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
		title: 'Looking',
		items: [
			{ feature: 'memories', label: 'Memories', description: 'Shows photos of this day in earlier years.' },
			{ feature: 'people', label: 'People', description: 'Shows whom the photos show, by their faces.' },
			{ feature: 'folders', label: 'Folders', description: 'Lets files be looked through by folder.' },
			{ feature: 'tags', label: 'Tags', description: 'Lets photos be sorted under tags.' },
			{ feature: 'ratings', label: 'Stars', description: 'Lets photos be given one to five stars.' }
		]
	},
	{
		title: 'Sharing',
		items: [
			{ feature: 'sharedLinks', label: 'Shared links', description: 'Lists the links that were shared.' },
			{ feature: 'cast', label: 'Casting', description: 'Shows photos on a television by Google Cast.' },
			{
				feature: 'embeddedVideos',
				label: 'Moving pictures in downloads',
				description: 'Adds the short film of a live photo to a download.'
			}
		]
	},
	{
		title: 'Messages',
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
	owner: 'Chosen by this person',
	administrator: 'Set by an administrator',
	unknown: 'Set before this server kept track'
};
