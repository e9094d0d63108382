import type { Asset } from '../assets/asset.ts';
import type { MaintenanceStatus } from '../maintenance/maintenance.ts';
import type { Notification } from '../notifications/notification.ts';

interface Version {
	readonly major: number;
	readonly minor: number;
	readonly patch: number;
	readonly prerelease: number | null;
}

/** The newest release at the last check; `type` is how much newer it is. Source: the SDK's ReleaseEventV1. */
export interface Release {
	/** ISO 8601. */
	readonly checkedAt: string;
	readonly isAvailable: boolean;
	readonly releaseVersion: Version;
	readonly serverVersion: Version;
	readonly type: 'major' | 'premajor' | 'minor' | 'preminor' | 'patch' | 'prepatch' | 'prerelease';
}

/** Sent when a handshake's credential is refused. */
export const refusedText = 'unauthorized';

/**
 * Topics a console page can subscribe to: the user list, one user with all sessions and keys, changes of too many users to
 * name, maintenance announcements, one album that another member has changed, or any of the reader's.
 */
export type Topic = 'userList' | 'users' | 'maintenance' | 'albums' | `user:${string}` | `album:${string}`;

/** Where Immich's clients connect. */
export const immichEventsPath = '/api/socket.io';
/** Where the console connects if an Immich behind this server has the other path. */
export const consoleEventsPath = '/api/console-events';

/**
 * Events the server sends over a websocket; it listens to none.
 * Source: docs/wire-reference/websockets.md#connection.
 */
export interface LiveEvents {
	/** The connection is closed afterwards. */
	error: (text: typeof refusedText) => void;
	on_server_version: (version: Version) => void;
	/** Sent when a newer version is found, and to every new connection after that. */
	on_new_release: (release: Release) => void;
	on_config_update: () => void;
	/** To everyone: ID of a deleted user. */
	on_user_delete: (userId: string) => void;
	/** To the user who receives the notification. */
	on_notification: (notification: Notification) => void;
	/** To the members of a shared album, except the one who changed it: the album's ID. */
	on_album_update: (albumId: string) => void;
	/** To the owner, here and below: an upload whose thumbnails have been made. */
	on_upload_success: (asset: Asset) => void;
	on_asset_update: (asset: Asset) => void;
	on_asset_trash: (assetIds: readonly string[]) => void;
	on_asset_restore: (assetIds: readonly string[]) => void;
	/** ID of a permanently deleted asset. */
	on_asset_delete: (assetId: string) => void;
	/** ID of an asset that is the motion part of a photo now, or that was locked. */
	on_asset_hidden: (assetId: string) => void;
	/** To the connections of an ended session, before they are closed. */
	on_session_delete: (sessionId: string) => void;
	/** All connections are closed after this event; clients can reconnect immediately. */
	AppRestartV1: (restart: { isMaintenanceMode: boolean }) => void;
	/** In maintenance mode only. */
	MaintenanceStatusV1: (status: MaintenanceStatus) => void;
	/** Ours, for connections that identify as the console's in the handshake. */
	console_change: (topics: readonly Topic[]) => void;
	/** Ours, for the same connections: for how many milliseconds their session is still elevated; 0 if it isn't. */
	console_elevation: (leftMs: number) => void;
}
