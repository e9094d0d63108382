import type { SessionDto } from './session.ts';

/** What a session runs in: a browser, a phone app, or another program. */
export const deviceClasses = ['web', 'mobile', 'other'] as const;
export type DeviceClass = (typeof deviceClasses)[number];

/** A session as shown in the console. */
export interface DeviceSession extends SessionDto {
	/** IP address at sign-in; null if unknown. */
	readonly signInAddress: string | null;
	readonly lastAddress: string | null;
	/** From an unknown device, and not yet dismissed by the user. */
	readonly isNew: boolean;
	/** The session that created this one for another device. */
	readonly parent: { readonly id: string; readonly name: string } | null;
}

/** One page of a user's sessions, most recently used first. */
export interface SessionPage {
	readonly sessions: readonly DeviceSession[];
	readonly total: number;
	readonly offset: number | null;
	readonly next: string | null;
	readonly previous: string | null;
}

/** Program and system of a session: ‘Firefox on Linux’, ‘Immich app 3.2.2 on iOS’. */
export const deviceName = ({
	deviceType,
	deviceOS,
	appVersion
}: Pick<SessionDto, 'deviceType' | 'deviceOS' | 'appVersion'>): string => {
	const program = appVersion === null ? deviceType : `Immich app ${appVersion}`;
	// ‘Samsung Internet for Android’ already names the system.
	const system = program.endsWith(deviceOS) ? '' : deviceOS;
	return [program, system].filter(Boolean).join(' on ') || 'Unknown device';
};
