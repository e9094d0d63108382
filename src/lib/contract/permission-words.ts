import { permissions, type Permission } from './permission.ts';

/** A resource in words, as it stands behind a verb. */
type Nouns = Readonly<Record<string, string>>;

interface Area {
	readonly title: string;
	readonly nouns: Nouns;
}

/** Everything that permissions are about, by the part of the system that people know it from. */
const areas: readonly Area[] = [
	{
		title: 'Photos and videos',
		nouns: {
			asset: 'photos and videos',
			assetFile: 'the files of photos and videos',
			'asset.edit': 'edits of photos',
			archive: 'the archive',
			timeline: 'the timeline',
			map: 'the map',
			memory: 'memories',
			memoryAsset: 'photos in memories',
			stack: 'stacks of photos',
			duplicate: 'duplicates',
			folder: 'folders',
			tag: 'tags'
		}
	},
	{
		title: 'Albums and sharing',
		nouns: {
			album: 'albums',
			albumAsset: 'photos in albums',
			albumUser: 'people in shared albums',
			activity: 'comments and likes',
			sharedLink: 'shared links',
			partner: 'partner sharing'
		}
	},
	{
		title: 'People and faces',
		nouns: {
			person: 'people in photos',
			face: 'faces in photos',
			clusterGroup: 'the group in which faces are recognised',
			clusterGroupRequest: 'requests to join a group of faces'
		}
	},
	{
		title: 'Your account',
		nouns: {
			user: 'your account',
			userPreference: 'your preferences',
			userProfileImage: 'your profile picture',
			userOnboarding: 'whether you have seen the introduction',
			userLicense: 'your product key',
			notification: 'your notifications',
			userConfig: 'the settings that apply to you'
		}
	},
	{
		title: 'Sign-in and security',
		nouns: {
			apiKey: 'your API keys',
			auth: 'your sign-in',
			authDevice: 'your devices',
			session: 'your sessions',
			pinCode: 'your PIN'
		}
	},
	{
		title: 'Apps and automation',
		nouns: {
			sync: 'the stream of changes',
			syncCheckpoint: 'how far an app has got with the changes',
			plugin: 'plugins',
			workflow: 'workflows'
		}
	},
	{
		title: 'The server',
		nouns: {
			server: 'the server',
			serverLicense: 'the server’s product key',
			library: 'external libraries',
			job: 'jobs',
			queue: 'job queues',
			queueJob: 'jobs in queues',
			backup: 'backups of the database',
			maintenance: 'maintenance mode',
			adminConfig: 'the server’s settings',
			systemConfig: 'the server’s settings, as older apps do',
			systemMetadata: 'what the server remembers of its set-up'
		}
	},
	{
		title: 'Other people’s accounts',
		nouns: { adminUser: 'accounts', adminSession: 'other people’s sessions', adminAuth: 'links to other services' }
	}
];

const verbs: Readonly<Record<string, string>> = {
	create: 'Add',
	read: 'See',
	get: 'See',
	update: 'Change',
	delete: 'Delete',
	statistics: 'Count',
	share: 'Share',
	download: 'Download',
	upload: 'Upload',
	list: 'List',
	view: 'Look at'
};

/** Where the rule reads badly, or where one would not guess what it allows. */
const written: Partial<Record<Permission, string>> = {
	all: 'Everything that you may do yourself, now and in versions to come.',
	'activity.create': 'Comment on photos, and like them.',
	'activity.statistics': 'Count comments and likes.',
	'apiKey.create': 'Make API keys that may no more than this one.',
	'apiKey.rotate': 'Give your API keys new secrets.',
	'asset.read': 'See what is known of photos and videos: dates, places, cameras, descriptions.',
	'asset.update': 'Change dates, places, descriptions, ratings and favourites.',
	'asset.delete': 'Move photos and videos to the bin, or delete them for good.',
	'asset.view': 'Look at photos and videos in the size of a screen.',
	'asset.download': 'Download photos and videos as they were taken.',
	'asset.upload': 'Upload photos and videos.',
	'asset.copy': 'Copy albums, tags and the like from one photo to another.',
	'asset.derive': 'Make new photos out of others.',
	'asset.share': 'Share photos and videos.',
	'asset.edit.create': 'Crop, turn and mirror photos.',
	'asset.edit.delete': 'Take edits of photos back.',
	'album.create': 'Make albums.',
	'album.share': 'Share albums with people.',
	'album.download': 'Download whole albums.',
	'albumAsset.create': 'Put photos into albums.',
	'albumAsset.delete': 'Take photos out of albums.',
	'albumUser.create': 'Invite people to albums.',
	'albumUser.update': 'Change what people may do in shared albums.',
	'albumUser.delete': 'Take people out of shared albums.',
	'auth.changePassword': 'Change your password, by the present one.',
	'authDevice.delete': 'Sign your devices out.',
	'backup.list': 'List the backups of the database.',
	'clusterGroup.leave': 'Leave the group in which faces are recognised.',
	'clusterGroupRequest.create': 'Ask to join a group of faces.',
	'clusterGroupRequest.delete': 'Withdraw or refuse requests to join a group of faces.',
	'duplicate.delete': 'Settle duplicates.',
	'face.create': 'Mark faces in photos.',
	'face.update': 'Say whose faces are in photos.',
	'folder.read': 'See photos by their folders.',
	'job.create': 'Start jobs.',
	maintenance: 'Switch maintenance mode on and off.',
	'map.read': 'See places on the map.',
	'map.search': 'Find the name of a place.',
	'memory.create': 'Make memories.',
	'memoryAsset.create': 'Put photos into memories.',
	'memoryAsset.delete': 'Take photos out of memories.',
	'notification.create': 'Send you notifications.',
	'notification.update': 'Mark your notifications as read.',
	'partner.create': 'Share all of your photos with a partner.',
	'partner.read': 'See with whom you share all of your photos, and who does with you.',
	'partner.update': 'Show a partner’s photos in your timeline, or not.',
	'partner.delete': 'Stop sharing with a partner.',
	'person.create': 'Add people to the people in your photos.',
	'person.update': 'Change the names, birthdays and portraits of people.',
	'person.delete': 'Forget people, but not the photos of them.',
	'person.merge': 'Join two people who are one.',
	'person.reassign': 'Give faces to other people.',
	'plugin.create': 'Install plugins.',
	'pinCode.create': 'Set your first PIN.',
	'pinCode.update': 'Change your PIN, by the old one or by the password.',
	'pinCode.delete': 'Remove your PIN, by it or by the password.',
	'server.about': 'See versions and facts about the server.',
	'server.apkLinks': 'See where the Android app can be downloaded.',
	'server.storage': 'See how much space is left on the server.',
	'server.statistics': 'See how much everybody has stored.',
	'server.versionCheck': 'See whether there is a newer version.',
	'session.create': 'Start a session for another device.',
	'session.delete': 'End your sessions.',
	'session.lock': 'Lock your sessions.',
	'sharedLink.create': 'Make links by which photos can be seen without signing in.',
	'stack.create': 'Stack photos.',
	'stack.delete': 'Take stacks apart.',
	'sync.stream': 'Read all changes of your library, as the apps do.',
	'syncCheckpoint.update': 'Note how far an app has got with the changes.',
	'syncCheckpoint.delete': 'Make an app read all changes anew.',
	'tag.asset': 'Put tags on photos and take them off.',
	'timeline.download': 'Download what the timeline shows.',
	'user.read': 'See your account, and the names of the people of this server.',
	'user.update': 'Change your name, e-mail address and password.',
	'userOnboarding.update': 'Mark the introduction as seen.',
	'userOnboarding.delete': 'Show the introduction again.',
	'userLicense.create': 'Enter your product key.',
	'serverLicense.update': 'Enter the server’s product key.',
	'userProfileImage.create': 'Set your profile picture.',
	'userProfileImage.read': 'See profile pictures.',
	'userProfileImage.delete': 'Remove your profile picture.',
	'queue.update': 'Pause and resume job queues.',
	'queueJob.create': 'Put jobs into queues.',
	'queueJob.delete': 'Take jobs out of queues.',
	'workflow.logs': 'See what workflows have done.',
	'adminUser.create': 'Make accounts.',
	'adminUser.read': 'See everybody’s account.',
	'adminUser.update': 'Change everybody’s account, password and API keys.',
	'adminUser.delete': 'Delete and restore accounts.',
	'adminAuth.unlinkAll': 'Unlink all accounts from the service that people sign in by.'
};

/** Those of the server and of other people, which the door opens to administrators only. */
const adminAreas = new Set(['The server', 'Other people’s accounts']);

/** ‘asset.edit’ of ‘asset.edit.create’; ‘maintenance’ of itself. */
export const resourceOf = (permission: string): string => permission.replace(/\.\w+$/, '');

/** Says what a permission allows, in one sentence; a name that is not known stays as it is. */
export function sentenceOf(permission: Permission): string {
	const own = written[permission];
	if (own !== undefined) return own;
	const resource = resourceOf(permission);
	const verb = verbs[permission.slice(resource.length + 1)];
	const noun = areas.find(({ nouns }) => Object.hasOwn(nouns, resource))?.nouns[resource];
	return verb === undefined || noun === undefined ? permission : `${verb} ${noun}.`;
}

export interface PermissionGroup {
	readonly title: string;
	/** Most of it is of use to administrators only. */
	readonly isForAdmins: boolean;
	readonly permissions: readonly Permission[];
}

/** Every permission but `all`, by area, those about one thing together. */
export const permissionGroups: readonly PermissionGroup[] = areas.map(({ title, nouns }) => ({
	title,
	isForAdmins: adminAreas.has(title),
	permissions: Object.keys(nouns).flatMap((resource) =>
		permissions.filter((permission) => permission !== 'all' && resourceOf(permission) === resource)
	)
}));

export interface PermissionPreset {
	readonly id: string;
	readonly title: string;
	readonly lead: string;
	readonly permissions: readonly Permission[];
}

const looking = [
	'album.read',
	'asset.read',
	'asset.view',
	'face.read',
	'memory.read',
	'person.read',
	'tag.read'
] as const;
const identity = ['server.about', 'user.read'] as const;

/** What well-known programs need, and no more. */
export const permissionPresets: readonly PermissionPreset[] = [
	{
		id: 'viewer',
		title: 'Viewer',
		lead: 'Looks at everything, changes nothing.',
		permissions: [
			...looking,
			...identity,
			'album.statistics',
			'archive.read',
			'asset.statistics',
			'folder.read',
			'map.read',
			'partner.read',
			'person.statistics',
			'stack.read',
			'timeline.read',
			'userPreference.read',
			'userProfileImage.read'
		]
	},
	{
		id: 'upload',
		title: 'Upload program',
		lead: 'Such as ‘immich upload’: adds photos and puts them into albums.',
		permissions: [
			...identity,
			'album.create',
			'album.read',
			'albumAsset.create',
			'asset.read',
			'asset.statistics',
			'asset.upload'
		]
	},
	{
		id: 'kiosk',
		title: 'Kiosk',
		lead: 'A picture frame that shows photos by album, person, tag or memory.',
		permissions: [...looking, ...identity, 'asset.download', 'asset.statistics', 'partner.read', 'person.statistics']
	},
	{
		id: 'backup',
		title: 'Backup',
		lead: 'Copies the originals and what is known of them.',
		permissions: [
			...looking,
			...identity,
			'album.download',
			'archive.read',
			'asset.download',
			'assetFile.download',
			'assetFile.read',
			'folder.read',
			'stack.read',
			'timeline.download',
			'timeline.read'
		]
	}
];
