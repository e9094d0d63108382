import type { Permission } from './permission.ts';

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

/** The minimal permissions of well-known programs. */
export const permissionPresets: readonly PermissionPreset[] = [
	{
		id: 'viewer',
		title: 'Viewer',
		lead: 'Read-only access to photos and albums',
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
		lead: 'Downloads originals and their metadata.',
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
