import { uuidPattern } from '#lib/contract/uuid-pattern.ts';
import sanitize from 'sanitize-filename';
import type { z } from 'zod';
import type { AuditAction } from '#lib/contract/audit/audit.ts';
import { isSameEmail } from '#lib/contract/email.ts';
import type { UserAdminUpdateDto } from '#lib/contract/users/user-admin.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import {
	refuseOnlyAdminWhoCanSignIn,
	type AdminWaysRepositories,
	type SettingsReader
} from '#lib/server/features/settings/index.ts';
import type { AppError } from '#lib/server/platform/errors.ts';
import { emailTaken, lastAdmin, ownAdminStatus, storageLabelTaken } from './errors.ts';
import type { UserRepositories } from './repositories.ts';
import { TakenError, type UserChanges, type UserRepository, type UserRow } from './user.repository.ts';

type Comparable = Omit<UserChanges, 'emailOrigin' | 'passwordHash' | 'pinCodeHash'>;
type AdminUpdate = z.output<typeof UserAdminUpdateDto>;
type Defined<Fields> = { readonly [Key in keyof Fields]?: Fields[Key] | undefined };

/** Keeps the fields that differ from the stored ones; returns null if none do, so that nothing is written. */
export function changedOnly(current: UserRow, fields: Defined<Comparable>): Comparable | null {
	const stored = new Map<string, unknown>(Object.entries(current));
	const isSame = (key: string, given: unknown): boolean =>
		given === stored.get(key) || (key === 'email' && typeof given === 'string' && isSameEmail(given, current.email));
	const entries = Object.entries(fields).filter(([key, given]) => given !== undefined && !isSame(key, given));
	return entries.length > 0 ? Object.fromEntries(entries) : null;
}

const isAnotherEmail = (current: UserRow, { email }: AdminUpdate): boolean =>
	email !== undefined && !isSameEmail(email, current.email);

/** Whether an update changes how a user signs in, or with what rights; sending back unchanged values does not. */
export const changesAccess = (current: UserRow, update: AdminUpdate): boolean =>
	isAnotherEmail(current, update) ||
	(update.isAdmin !== undefined && update.isAdmin !== current.isAdmin) ||
	(update.shouldChangePassword !== undefined && update.shouldChangePassword !== current.shouldChangePassword);

/**
 * Whether an update of the caller's own account needs proof of identity. While a change is required a new password can be
 * set without the old one, so requiring it counts as well.
 */
export const needsProof = (current: UserRow, update: AdminUpdate): boolean =>
	Boolean(update.password) ||
	update.pinCode !== undefined ||
	isAnotherEmail(current, update) ||
	(update.shouldChangePassword === true && !current.shouldChangePassword);

/** The audit action under which a wrong current password is recorded. */
export const getOwnAction = ({ password, pinCode }: AdminUpdate): AuditAction =>
	password ? 'user.setPassword' : pinCode === null ? 'user.clearPin' : pinCode ? 'user.setPin' : 'user.update';

/**
 * Makes a label safe as a folder name, as Immich does: no dots, no characters a file system rejects. Accents are
 * normalized, because some file systems treat both forms as the same folder.
 */
export function normalizeStorageLabel(label: string | null | undefined): string | null | undefined {
	return label && (sanitize(label.normalize('NFC').replaceAll('.', '')) || null);
}

/**
 * Rejects a label that looks like another user's ID: the folder of a user without a label is named by their ID.
 * @throws {AppError} 400 for such a label
 */
export function refuseForeignId(label: string | null | undefined, ownId: string | null): void {
	if (label && uuidPattern.test(label) && label.toLowerCase() !== ownId) throw storageLabelTaken();
}

/**
 * Rejects an email or storage label of another user before anything is hashed; the write checks again.
 * @throws {AppError} 400 if one is taken
 */
export async function refuseTaken(
	users: Pick<UserRepository, 'findByEmail' | 'listTakenLabels'>,
	{ email, storageLabel }: { readonly email?: string | undefined; readonly storageLabel?: string | null | undefined },
	ownId: string | null
): Promise<void> {
	const holder = email === undefined ? null : await users.findByEmail(email);
	if (holder && holder.id !== ownId) throw emailTaken();
	if (storageLabel && (await users.listTakenLabels([storageLabel], ownId)).length > 0) throw storageLabelTaken();
}

/**
 * Translates a taken email or storage label to the error of the API.
 * @throws {AppError} 400 instead of a TakenError
 */
export async function translateTaken<Result>(write: Promise<Result>): Promise<Result> {
	try {
		return await write;
	} catch (error) {
		if (!(error instanceof TakenError)) throw error;
		throw error.field === 'storageLabel' ? storageLabelTaken() : emailTaken();
	}
}

/** Drops keys that were not given, so that the row's defaults apply. */
export const withoutUndefined = (fields: object) =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

type AdminChangeRepositories = Pick<UserRepositories, 'users'> & AdminWaysRepositories;

/**
 * Returns the error for deleting or demoting an admin if no other would be left, or none who can sign in; else null. The
 * caller must hold the lock of the admins until the change is written.
 */
export async function refuseWithoutOtherAdmin(
	repositories: AdminChangeRepositories,
	settings: SettingsReader,
	id: string
): Promise<AppError | null> {
	if (!(await repositories.users.hasAdmin(id))) return lastAdmin();
	return refuseOnlyAdminWhoCanSignIn(repositories, settings, id);
}

/**
 * Refuses to delete or demote an admin if no other would be left, or none who can sign in.
 * @throws {AppError} 400 for such an admin
 */
export async function requireOtherAdmin(
	repositories: AdminChangeRepositories,
	settings: SettingsReader,
	id: string
): Promise<void> {
	const refusal = await refuseWithoutOtherAdmin(repositories, settings, id);
	if (refusal) throw refusal;
}

/**
 * Checks a change of `isAdmin`.
 * @throws {AppError} 400 for the caller's own role, and for the last admin's
 */
export async function allowAdminChange(
	auth: Auth,
	current: UserRow,
	repositories: AdminChangeRepositories,
	settings: SettingsReader
): Promise<void> {
	if (current.id === auth.user.id) throw ownAdminStatus();
	if (current.isAdmin) await requireOtherAdmin(repositories, settings, current.id);
}
