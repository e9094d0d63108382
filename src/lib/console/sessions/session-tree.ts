import type { DeviceSession } from '#lib/contract/sessions/device.ts';

/** A session at its place in the list: how many sessions it hangs below. */
export interface PlacedSession {
	readonly session: DeviceSession;
	readonly depth: number;
}

/** Puts sessions below those that began them, as far as these are in the same list; the order is kept otherwise. */
export function placeSessions(sessions: readonly DeviceSession[]): PlacedSession[] {
	const ids = new Set(sessions.map(({ id }) => id));
	const isBelow = ({ parent }: DeviceSession) => parent !== null && ids.has(parent.id);
	const withChildren = (session: DeviceSession, depth: number): PlacedSession[] => [
		{ session, depth },
		...sessions.filter(({ parent }) => parent?.id === session.id).flatMap((child) => withChildren(child, depth + 1))
	];
	return sessions.filter((session) => !isBelow(session)).flatMap((session) => withChildren(session, 0));
}
