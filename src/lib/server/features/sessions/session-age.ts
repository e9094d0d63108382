import { dayMs } from '#lib/contract/day.ts';
import type { DeviceClass } from '#lib/contract/sessions/device.ts';
import type { ImmichAuthConfig } from '#lib/contract/settings/document/immich-auth.ts';
import type { OldestAllowed } from './session-list.repository.ts';

/** The maximum ages of sessions, by device class. */
export type AgeLimits = ImmichAuthConfig['sessions'];

/** What determines whether a session is too old. */
export interface AgedSession {
	readonly createdAt: Date;
	/** Updated when used, at most hourly. */
	readonly updatedAt: Date;
	readonly expiresAt: Date | null;
	readonly deviceClass: DeviceClass;
}

/** When a session ends even if it is used; null if it never does. */
export function getSessionEnd(
	{ createdAt, expiresAt, deviceClass }: Omit<AgedSession, 'updatedAt'>,
	limits: AgeLimits
) {
	const { lifetimeDays } = limits[deviceClass];
	const lifeEnd = lifetimeDays === 0 ? null : new Date(createdAt.getTime() + lifetimeDays * dayMs);
	return getEarlier(lifeEnd, expiresAt);
}

/** Whether a session has expired: unused for too long, or past its lifetime. */
export function isOverAge(session: AgedSession, limits: AgeLimits, now: Date): boolean {
	const idleEndMs = session.updatedAt.getTime() + limits[session.deviceClass].idleDays * dayMs;
	const end = getSessionEnd(session, limits);
	return idleEndMs <= now.getTime() || (end !== null && end <= now);
}

/** The same limits as times, for lists made by the database. */
export function oldestAllowed(limits: AgeLimits, now: Date): OldestAllowed {
	const ago = (days: number) => new Date(now.getTime() - days * dayMs);
	const lives = ({ lifetimeDays }: AgeLimits[DeviceClass]) => (lifetimeDays === 0 ? new Date(0) : ago(lifetimeDays));
	const { web, mobile, other } = limits;
	return {
		now,
		usedAfter: { web: ago(web.idleDays), mobile: ago(mobile.idleDays), other: ago(other.idleDays) },
		begunAfter: { web: lives(web), mobile: lives(mobile), other: lives(other) }
	};
}

/** The earlier of two ends, either of which may be absent. */
export function getEarlier(one: Date | null, other: Date | null): Date | null {
	if (one === null || other === null) return one ?? other;
	return one < other ? one : other;
}
