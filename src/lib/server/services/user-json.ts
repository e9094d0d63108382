import { UserLicense } from '#lib/contract/user.ts';
import { nullCell, readCells, readText } from '../repositories/user-copy.repository.ts';
import { colorOf } from './user-dto.ts';

/**
 * Writes a line of accounts as the JSON of `UserAdminResponseDto`. One hundred thousand of them as objects, parsed and
 * stringified, take seconds; a test holds this text to what the schema makes of the same row.
 */
export function accountJson(line: string): string {
	const cells = readCells(line);
	const [id, email, name, profileImagePath, avatarColor, profileChangedAt, storageLabel, mustChange, isAdmin] = cells;
	const [, , , , , , , , , createdAt, deletedAt, updatedAt, oauthId, quota, usage, status, clusterGroupId, license] =
		cells;
	const color = colorOf({ avatarColor: avatarColor === nullCell ? null : avatarColor, email: readText(email) });
	return (
		`{"id":"${id}","email":${text(email)},"name":${text(name)},"profileImagePath":${text(profileImagePath)},` +
		`"avatarColor":"${color}","profileChangedAt":${moment(profileChangedAt)},"storageLabel":${text(storageLabel)},` +
		`"shouldChangePassword":${String(mustChange === 't')},"isAdmin":${String(isAdmin === 't')},` +
		`"createdAt":${moment(createdAt)},"deletedAt":${moment(deletedAt)},"updatedAt":${moment(updatedAt)},` +
		`"oauthId":${text(oauthId)},"quotaSizeInBytes":${quota === nullCell ? 'null' : quota},` +
		`"quotaUsageInBytes":${usage.startsWith('-') ? '0' : usage},` +
		`"status":"${status === 'removing' || status === 'deleted' ? status : 'active'}",` +
		`"license":${license === nullCell ? 'null' : licenseJson(license)},"clusterGroupId":"${clusterGroupId}"}`
	);
}

/** What JSON escapes, or COPY has escaped. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const special = /["\\\u0000-\u001f]/;

function text(cell: string): string {
	if (!special.test(cell)) return `"${cell}"`;
	return cell === nullCell ? 'null' : JSON.stringify(readText(cell));
}

/** Writes `2026-07-21 10:00:00.5+00` as `"2026-07-21T10:00:00.500Z"`. */
function moment(cell: string): string {
	if (cell === nullCell) return 'null';
	const milliseconds = cell.length > 25 ? cell.slice(20, 23) : cell.slice(20, -3).padEnd(3, '0');
	return `"${cell.slice(0, 10)}T${cell.slice(11, 19)}.${milliseconds}Z"`;
}

const licenseJson = (cell: string): string =>
	JSON.stringify(UserLicense.safeParse(JSON.parse(readText(cell))).data ?? null);
