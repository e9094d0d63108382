import { deviceName, type DeviceSession } from '#lib/contract/sessions/device.ts';
import type { SessionDto } from '#lib/contract/sessions/session.ts';
import { getSessionEnd, type AgeLimits } from './session-age.ts';
import type { DeviceRow } from './session-list.repository.ts';

/** Converts a session to its DTO; `expiresAt` is absent if the session lasts as long as it is used. */
export function toSessionDto(row: DeviceRow, currentId: string | null, limits: AgeLimits): SessionDto {
	const { id, createdAt, updatedAt, deviceType, deviceOS, appVersion, isPendingSyncReset } = row;
	const end = getSessionEnd(row, limits);
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

/** Converts a session to what the console shows. */
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
