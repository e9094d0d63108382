import type { MaintenanceStatus } from '../maintenance/maintenance.ts';
import type { Notification } from '../notifications/notification.ts';

interface Version {
	readonly major: number;
	readonly minor: number;
	readonly patch: number;
	readonly prerelease: number | null;
}

/** The newest release, as of the last look; `type` says by how much it is newer. Source: the SDK’s ReleaseEventV1. */
export interface Release {
	/** ISO 8601. */
	readonly checkedAt: string;
	readonly isAvailable: boolean;
	readonly releaseVersion: Version;
	readonly serverVersion: Version;
	readonly type: 'major' | 'premajor' | 'minor' | 'preminor' | 'patch' | 'prepatch' | 'prerelease';
}

/** What is said when a credential of a handshake is refused. */
export const refusedText = 'unauthorized';

/**
 * What a page of the console may ask to be told of: the list of accounts, one person with all their sessions and keys,
 * people who are too many to be named, or what is announced of maintenance.
 */
export type Topic = 'accounts' | 'people' | 'maintenance' | `person:${string}`;

/** Where Immich's clients connect. */
export const liveEventsPath = '/api/socket.io';

/** The events that the server sends over a websocket; it listens to none. Source: wire reference 12. */
export interface LiveEvents {
	/** Followed by the end of the connection. */
	error: (text: typeof refusedText) => void;
	on_server_version: (version: Version) => void;
	/** When a newer version has been found, and to every new connection from then on. */
	on_new_release: (release: Release) => void;
	on_config_update: () => void;
	/** To everybody: the id of an account that has been deleted. */
	on_user_delete: (userId: string) => void;
	/** To a person: what the server has told them just now. */
	on_notification: (notification: Notification) => void;
	/** To the connections of a session that has ended, before they are closed. */
	on_session_delete: (sessionId: string) => void;
	/** Every connection is lost after this one, and may be made anew at once. */
	AppRestartV1: (restart: { isMaintenanceMode: boolean }) => void;
	/** In maintenance only. */
	MaintenanceStatusV1: (status: MaintenanceStatus) => void;
	/** Ours, to connections that say in their handshake that they are the console’s. */
	console_change: (topics: readonly Topic[]) => void;
}
