import type { RecordedChange, RecordedChanges, RecordedField, RecordedValue } from '#lib/contract/audit/audit.ts';
import type { UserPreferencesResponseDto } from '#lib/contract/users/preferences.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { RemovedCredentials, UserRow } from '#lib/server/features/users/index.ts';
import type { AuditRepository } from './audit.repository.ts';
import { buildAuditEntry } from './audit-entry.ts';

const recordedUserFields = [
	'email',
	'name',
	'isAdmin',
	'shouldChangePassword',
	'avatarColor',
	'storageLabel',
	'quotaSizeInBytes'
] as const satisfies readonly (keyof UserRow & RecordedField)[];

/** Returns the fields of a user that have changed; null if none have. */
export function recordedUserChanges(before: UserRow, after: UserRow): RecordedChanges | null {
	const changed = recordedUserFields.filter((field) => before[field] !== after[field]);
	if (changed.length === 0) return null;
	return Object.fromEntries(
		changed.map((field) => [field, { from: plain(before[field]), to: plain(after[field]) }] as const)
	);
}

/** Lists the initial fields of a new user, without unset ones. */
export const initialFields = (made: UserRow): RecordedChanges =>
	Object.fromEntries(
		recordedUserFields
			.filter((field) => made[field] !== null && made[field] !== false)
			.map((field) => [field, { from: null, to: plain(made[field]) }] as const)
	);

const plain = (value: RecordedValue | bigint): RecordedValue => (typeof value === 'bigint' ? Number(value) : value);

/** Returns the preferences that have changed, keyed by path. */
export function preferenceChanges(
	before: UserPreferencesResponseDto,
	after: UserPreferencesResponseDto
): RecordedChanges {
	const stored = new Map(flattenPreferences(before));
	return Object.fromEntries(
		flattenPreferences(after)
			.filter(([path, value]) => stored.get(path) !== value)
			.map(([path, to]): [string, RecordedChange] => [path, { from: stored.get(path) ?? null, to }])
	);
}

const flattenPreferences = (preferences: UserPreferencesResponseDto): [string, RecordedValue][] =>
	Object.entries(preferences).flatMap(([section, values]) =>
		Object.entries<RecordedValue>(values).map(([name, value]): [string, RecordedValue] => [
			`preferences.${section}.${name}`,
			value
		])
	);

interface Update {
	readonly before: UserRow;
	readonly after: UserRow;
	readonly isPasswordSet: boolean;
	/** The number of sessions ended by a new password. */
	readonly sessionsEnded: number;
	/** Undefined if unchanged, null if removed. */
	readonly pinCodeHash: string | null | undefined;
}

/** Records an admin's changes of a user: fields, password and PIN, each as an event of its own. */
export async function recordUpdate(audit: AuditRepository, auth: Auth, update: Update): Promise<void> {
	const { before: subject, after, isPasswordSet, sessionsEnded, pinCodeHash } = update;
	const changes = recordedUserChanges(subject, after);
	if (changes) await audit.record(buildAuditEntry(auth, { action: 'user.update', subject, changes }));
	if (isPasswordSet)
		await audit.record(
			buildAuditEntry(auth, { action: 'user.setPassword', subject, changes: endedChanges({ sessionsEnded }) })
		);
	if (pinCodeHash === undefined) return;
	await audit.record(
		buildAuditEntry(auth, { action: pinCodeHash === null ? 'user.clearPin' : 'user.setPin', subject })
	);
}

/** Counts of ended sessions and keys; zero counts are omitted. */
export const endedChanges = (ended: { sessionsEnded?: number; apiKeysEnded?: number }): RecordedChanges =>
	Object.fromEntries(
		Object.entries(ended)
			.filter(([, count]) => count > 0)
			.map(([field, to]) => [field, { from: null, to }] as const)
	);

/** Lists what was removed from a user when the owner of the email took it over; null if nothing was. */
export function removedChanges(removed: RemovedCredentials): RecordedChanges | null {
	const { identities, sessions, apiKeys, isPasswordRemoved } = removed;
	const changes: RecordedChanges = {
		...endedChanges({ sessionsEnded: sessions, apiKeysEnded: apiKeys }),
		...(identities > 0 && { identitiesRemoved: { from: null, to: identities } }),
		...(isPasswordRemoved && { passwordRemoved: { from: null, to: true } })
	};
	return Object.keys(changes).length > 0 ? changes : null;
}
