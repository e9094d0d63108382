import { grantable, type AnyPermission } from './permission.ts';

/** Display names of resources, placed after a verb. */
type Nouns = Readonly<Record<string, string>>;

interface Area {
	readonly title: string;
	readonly nouns: Nouns;
}

/** All resources with permissions, by area of the system as users know it. */
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
			clusterGroup: 'face recognition groups',
			clusterGroupRequest: 'requests to join a group of faces'
		}
	},
	{
		title: 'Your account',
		nouns: {
			user: 'your account',
			userPreference: 'your preferences',
			userProfileImage: 'your profile picture',
			userOnboarding: 'onboarding status',
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
			sync: 'the sync stream',
			syncCheckpoint: 'sync checkpoints',
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
			systemConfig: 'system configuration (legacy)',
			systemMetadata: 'system metadata'
		}
	},
	{
		title: 'Other users',
		nouns: { adminUser: 'accounts', adminSession: 'other users’ sessions', adminAuth: 'OAuth links' }
	}
];

/** Areas of the server and of other users, which the auth hook opens to admins only. */
const adminAreas = new Set(['The server', 'Other users']);

/** ‘asset.edit’ for ‘asset.edit.create’; ‘maintenance’ for itself. */
export const getResource = (permission: string): string => permission.replace(/\.\w+$/, '');

/** Display name of a resource: ‘photos in albums’ for albumAsset. */
export const getNoun = (resource: string): string | undefined =>
	areas.find(({ nouns }) => Object.hasOwn(nouns, resource))?.nouns[resource];

export interface PermissionGroup {
	readonly title: string;
	/** Mostly useful to admins only. */
	readonly isForAdmins: boolean;
	readonly permissions: readonly AnyPermission[];
}

/** Every permission except `all`, grouped by area and resource. */
export const permissionGroups: readonly PermissionGroup[] = areas.map(({ title, nouns }) => ({
	title,
	isForAdmins: adminAreas.has(title),
	permissions: Object.keys(nouns).flatMap((resource) =>
		grantable.filter((permission) => permission !== 'all' && getResource(permission) === resource)
	)
}));
