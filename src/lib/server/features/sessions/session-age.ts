import type { DeviceClass } from '#lib/contract/sessions/device.ts';
import type { ImmichAuthConfig } from '#lib/contract/settings/document/immich-auth.ts';
import type { OldestAllowed } from './session-list.repository.ts';

/** How old sessions may grow, by class of device. */
export type AgeLimits = ImmichAuthConfig['sessions'];

/** What the age of a session is judged by. */
export interface AgedSession {
	readonly createdAt: Date;
	/** Set by every use, at most hourly. */
	readonly updatedAt: Date;
	readonly expiresAt: Date | null;
	readonly deviceClass: DeviceClass;
}

const dayMs = 86_400_000;

/** Tells when a session ends whatever is done with it; null where it goes on for as long as it is used. */
export function endOf({ createdAt, expiresAt, deviceClass }: Omit<AgedSession, 'updatedAt'>, limits: AgeLimits) {
	const { lifetimeDays } = limits[deviceClass];
	const lifeEnd = lifetimeDays === 0 ? null : new Date(createdAt.getTime() + lifetimeDays * dayMs);
	return earlierOf(lifeEnd, expiresAt);
}

/** Tells whether a session has ended by its age: left unused for too long, or at the end of its life. */
export function isOverAge(session: AgedSession, limits: AgeLimits, now: Date): boolean {
	const idleEndMs = session.updatedAt.getTime() + limits[session.deviceClass].idleDays * dayMs;
	const end = endOf(session, limits);
	return idleEndMs <= now.getTime() || (end !== null && end <= now);
}

/** The same limits as moments, for lists that the database makes. */
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

/** The first of two ends, of which there may be none. */
export function earlierOf(one: Date | null, other: Date | null): Date | null {
	if (one === null || other === null) return one ?? other;
	return one < other ? one : other;
}
