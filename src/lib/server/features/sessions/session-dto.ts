import { deviceName, type DeviceSession } from '#lib/contract/sessions/device.ts';
import type { SessionDto } from '#lib/contract/sessions/session.ts';
import { endOf, type AgeLimits } from './session-age.ts';
import type { DeviceRow } from './session-list.repository.ts';

/** What the wire shows of a session; `expiresAt` is absent where it goes on for as long as it is used. */
export function toSessionDto(row: DeviceRow, currentId: string | null, limits: AgeLimits): SessionDto {
	const { id, createdAt, updatedAt, deviceType, deviceOS, appVersion, isPendingSyncReset } = row;
	const end = endOf(row, limits);
	return {
		id,
		createdAt: createdAt.toISOString(),
		updatedAt: updatedAt.toISOString(),
		...(end ? { expiresAt: end.toISOString() } : {}),
		current: id === currentId,
		deviceType,
		deviceOS,
		appVersion,
		isPendingSyncReset
	};
}

/** What the console shows of it. */
export function toDeviceSession(row: DeviceRow, currentId: string | null, limits: AgeLimits): DeviceSession {
	const { signInAddress, lastAddress, isNew, parentId, parentType, parentOS, parentVersion } = row;
	const parent = { deviceType: parentType ?? '', deviceOS: parentOS ?? '', appVersion: parentVersion };
	return {
		...toSessionDto(row, currentId, limits),
		signInAddress,
		lastAddress,
		isNew,
		parent: parentId === null ? null : { id: parentId, name: deviceName(parent) }
	};
}
