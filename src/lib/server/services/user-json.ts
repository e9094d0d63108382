import { UserLicense } from '#lib/contract/user.ts';
import type { AccountCells } from '../repositories/user-copy.repository.ts';
import { colorOf } from './user-dto.ts';

/**
 * Writes an account's row as the JSON of `UserAdminResponseDto`. One hundred thousand of them as objects, parsed and
 * stringified, take seconds; a test holds this text to what the schema makes of the same row.
 */
export function accountJson(cells: AccountCells): string {
	const [
		id = '',
		email = '',
		name = '',
		profileImagePath = '',
		avatarColor = null,
		profileChangedAt = null,
		storageLabel = null,
		shouldChangePassword,
		isAdmin,
		createdAt = null,
		deletedAt = null,
		updatedAt = null,
		oauthId = '',
		quotaSizeInBytes,
		quotaUsageInBytes = '0',
		status = '',
		clusterGroupId = '',
		license = null
	] = cells;
	const color = colorOf({ avatarColor, email: email ?? '' });
	return (
		`{"id":"${id}","email":${text(email)},"name":${text(name)},"profileImagePath":${text(profileImagePath)},` +
		`"avatarColor":"${color}","profileChangedAt":${moment(profileChangedAt)},"storageLabel":${text(storageLabel)},` +
		`"shouldChangePassword":${flag(shouldChangePassword)},"isAdmin":${flag(isAdmin)},"createdAt":${moment(createdAt)},` +
		`"deletedAt":${moment(deletedAt)},"updatedAt":${moment(updatedAt)},"oauthId":${text(oauthId)},` +
		`"quotaSizeInBytes":${quotaSizeInBytes ?? 'null'},"quotaUsageInBytes":${atLeastZero(quotaUsageInBytes)},` +
		`"status":"${status === 'removing' || status === 'deleted' ? status : 'active'}",` +
		`"license":${license === null ? 'null' : licenseJson(license)},"clusterGroupId":"${clusterGroupId}"}`
	);
}

const text = (value: string | null): string => JSON.stringify(value);
const flag = (value: string | null | undefined): boolean => value === 't';
const atLeastZero = (digits: string | null): string => (digits === null || digits.startsWith('-') ? '0' : digits);

/** Writes `2026-07-21 10:00:00.5+00` as `2026-07-21T10:00:00.500Z`. */
function moment(value: string | null): string {
	if (value === null) return 'null';
	const milliseconds = value.slice(20, -3).padEnd(3, '0').slice(0, 3);
	return `"${value.slice(0, 10)}T${value.slice(11, 19)}.${milliseconds}Z"`;
}

const licenseJson = (value: string): string => JSON.stringify(UserLicense.safeParse(JSON.parse(value)).data ?? null);
