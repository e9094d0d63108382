import type { SessionDto } from './session.ts';

/** What a session runs in: a browser, the app on a phone, or a program of another kind. */
export const deviceClasses = ['web', 'mobile', 'other'] as const;
export type DeviceClass = (typeof deviceClasses)[number];

/** A session as the console shows it. */
export interface DeviceSession extends SessionDto {
	/** Where it was begun from; null where that is not known. */
	readonly signInAddress: string | null;
	readonly lastAddress: string | null;
	/** The person had not signed in from such a device before, and has not said that it is all right. */
	readonly isNew: boolean;
	/** The session that began this one for a device beside it. */
	readonly parent: { readonly id: string; readonly name: string } | null;
}

/** A page of somebody's sessions, most recently used first. */
export interface SessionPage {
	readonly sessions: readonly DeviceSession[];
	readonly total: number;
	readonly offset: number | null;
	readonly next: string | null;
	readonly previous: string | null;
}

/** Names the program and the system of a session: ‘Firefox on Linux’, ‘Immich app 3.2.2 on iOS’. */
export const deviceName = ({
	deviceType,
	deviceOS,
	appVersion
}: Pick<SessionDto, 'deviceType' | 'deviceOS' | 'appVersion'>): string => {
	const program = appVersion === null ? deviceType : `Immich app ${appVersion}`;
	// ‘Samsung Internet for Android’ says it already.
	const system = program.endsWith(deviceOS) ? '' : deviceOS;
	return [program, system].filter(Boolean).join(' on ') || 'Unknown program';
};
