import type { SentFile } from '#lib/contract/operation.ts';
import type { UserListItem } from '#lib/contract/user-directory/user-directory.ts';
import { csvFile } from '#lib/server/platform/files/csv-file.ts';
import { jsonFile } from '#lib/server/platform/files/json-file.ts';

const header = [
	'id',
	'email',
	'name',
	'role',
	'status',
	'signIn',
	'storageLabel',
	'quotaInBytes',
	'usedBytes',
	'mustChangePassword',
	'passwordExpiresAt',
	'createdAt',
	'lastSeenAt',
	'deletedAt'
];

const toCells = (user: UserListItem) => [
	user.id,
	user.email,
	user.name,
	user.isAdmin ? 'admin' : 'user',
	user.deletedAt === null ? 'active' : 'deleted',
	user.isOAuthLinked ? 'oauth' : 'password',
	user.storageLabel,
	user.quotaSizeInBytes,
	user.quotaUsageInBytes,
	user.mustChangePassword,
	user.passwordExpiresAt,
	user.createdAt,
	user.lastSeenAt,
	user.deletedAt
];

/** The path of a profile image on the server is not exported. */
const withoutPicture = ({ profileImagePath: _, profileChangedAt: __, ...user }: UserListItem) => user;

async function* toRows(batches: AsyncIterable<readonly UserListItem[]>) {
	for await (const batch of batches) yield batch.map(toCells);
}

async function* toEntries(batches: AsyncIterable<readonly UserListItem[]>) {
	for await (const batch of batches) yield batch.map(withoutPicture);
}

/** Returns a file of users. */
export const buildUserExport = (format: 'csv' | 'json', batches: AsyncIterable<readonly UserListItem[]>): SentFile =>
	format === 'csv' ? csvFile('users', header, toRows(batches)) : jsonFile('users', toEntries(batches));
