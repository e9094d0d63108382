import type { DeviceSession } from '#lib/contract/sessions/device.ts';

/** A session with its depth in the tree. */
export interface PlacedSession {
	readonly session: DeviceSession;
	readonly depth: number;
}

/** Places child sessions below their parent if it is in the list; otherwise keeps the order. */
export function placeSessions(sessions: readonly DeviceSession[]): PlacedSession[] {
	const ids = new Set(sessions.map(({ id }) => id));
	const isBelow = ({ parent }: DeviceSession) => parent !== null && ids.has(parent.id);
	const withChildren = (session: DeviceSession, depth: number): PlacedSession[] => [
		{ session, depth },
		...sessions.filter(({ parent }) => parent?.id === session.id).flatMap((child) => withChildren(child, depth + 1))
	];
	return sessions.filter((session) => !isBelow(session)).flatMap((session) => withChildren(session, 0));
}
