import type { Permission } from '#lib/contract/permissions/permission.ts';
import type { RelationsOf, ObjectKind } from './relations.sql.ts';

/** A right that a shared link can lack. */
export type LinkRight = 'allowUpload' | 'allowDownload';

/** Who has a permission: users and shared links in one of these relations to the object. */
type Rule = {
	readonly [Kind in ObjectKind]: {
		/** What the IDs name. */
		readonly object: Kind;
		readonly relations: readonly RelationsOf<Kind>[];
		/** A shared link also needs this right. */
		readonly linkNeeds?: LinkRight;
	};
}[ObjectKind];

const members = ['albumOwner', 'albumEditor', 'albumViewer'] as const;
const managers = ['albumOwner', 'albumEditor'] as const;

const seeAsset = { object: 'asset', relations: ['owner', ...members, 'partner', 'link'] } as const;
const ownAsset = { object: 'asset', relations: ['owner'] } as const;
const ownAssetFile = { object: 'assetFile', relations: ['owner'] } as const;
const ownSession = { object: 'session', relations: ['owner'] } as const;
const ownNotification = { object: 'notification', relations: ['owner'] } as const;
const ownStack = { object: 'stack', relations: ['owner'] } as const;
const ownDuplicates = { object: 'duplicate', relations: ['owner'] } as const;
const oneself = { object: 'user', relations: ['self'] } as const;

/**
 * Who has which permission for an object. Being an admin gives none. A permission without a row permits nothing.
 * Source: docs/wire-reference/access.md#rules-for-a-user and docs/wire-reference/access.md#rules-for-a-shared-link.
 */
export const accessRules = {
	'activity.create': { object: 'albumWithActivity', relations: members },
	'activity.delete': { object: 'activity', relations: ['author', 'albumOwner'] },

	'asset.read': seeAsset,
	'asset.view': seeAsset,
	'asset.download': { ...seeAsset, linkNeeds: 'allowDownload' },
	'asset.share': { object: 'sharableAsset', relations: ['owner', 'partner'] },
	'asset.update': ownAsset,
	'asset.delete': ownAsset,
	'asset.copy': ownAsset,
	'asset.edit.get': ownAsset,
	'asset.edit.create': ownAsset,
	'asset.edit.delete': ownAsset,
	'assetFile.read': ownAssetFile,
	'assetFile.delete': ownAssetFile,
	'assetFile.download': ownAssetFile,

	'asset.upload': { object: 'user', relations: ['self', 'link'], linkNeeds: 'allowUpload' },
	'archive.read': oneself,
	'timeline.read': { object: 'user', relations: ['self', 'partner'] },
	'timeline.download': oneself,

	'album.read': { object: 'album', relations: [...members, 'link'] },
	'album.download': { object: 'album', relations: [...members, 'link'], linkNeeds: 'allowDownload' },
	'album.update': { object: 'album', relations: managers },
	'album.share': { object: 'album', relations: managers },
	'album.delete': { object: 'album', relations: ['albumOwner'] },
	'albumAsset.create': { object: 'album', relations: [...managers, 'link'], linkNeeds: 'allowUpload' },
	'albumAsset.delete': { object: 'album', relations: managers },

	'partner.update': { object: 'partner', relations: ['receiver'] },

	'authDevice.delete': ownSession,
	'session.read': ownSession,
	'session.update': ownSession,
	'session.delete': ownSession,
	'session.lock': ownSession,
	'notification.read': ownNotification,
	'notification.update': ownNotification,
	// Deleting twice isn't an error, as in Immich.
	'notification.delete': { object: 'anyNotification', relations: ['owner'] },

	'duplicate.read': ownDuplicates,
	'duplicate.delete': ownDuplicates,
	'stack.read': ownStack,
	'stack.update': ownStack,
	'stack.delete': ownStack
} as const satisfies Partial<Record<Permission, Rule>>;

/** A permission that can be checked for objects. */
export type ObjectPermission = keyof typeof accessRules;
