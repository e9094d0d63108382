import sanitize from 'sanitize-filename';
import type { z } from 'zod';
import type { AuditAction } from '#lib/contract/audit/audit.ts';
import { isSameEmail } from '#lib/contract/email.ts';
import type { UserAdminUpdateDto } from '#lib/contract/users/user-admin.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { emailTaken, lastAdmin, ownAdminStatus, storageLabelTaken } from '#lib/server/platform/errors.ts';
import type { Repositories } from '#lib/server/app/store.ts';
import { TakenError, type UserChanges, type UserRepository, type UserRow } from './user.repository.ts';

type Comparable = Omit<UserChanges, 'emailOrigin' | 'passwordHash' | 'pinCodeHash'>;
type AdminUpdate = z.output<typeof UserAdminUpdateDto>;
type Given<Fields> = { readonly [Key in keyof Fields]?: Fields[Key] | undefined };

/** Keeps the fields that differ from what is stored; null where none does, so that nothing is written. */
export function changedOnly(current: UserRow, fields: Given<Comparable>): Comparable | null {
	const stored = new Map<string, unknown>(Object.entries(current));
	const isSame = (key: string, given: unknown): boolean =>
		given === stored.get(key) || (key === 'email' && typeof given === 'string' && isSameEmail(given, current.email));
	const entries = Object.entries(fields).filter(([key, given]) => given !== undefined && !isSame(key, given));
	return entries.length > 0 ? Object.fromEntries(entries) : null;
}

const isAnotherEmail = (current: UserRow, { email }: AdminUpdate): boolean =>
	email !== undefined && !isSameEmail(email, current.email);

/** Whether an update changes how a user signs in, or as what: the same values sent back do not. */
export const changesAccess = (current: UserRow, update: AdminUpdate): boolean =>
	isAnotherEmail(current, update) ||
	(update.isAdmin !== undefined && update.isAdmin !== current.isAdmin) ||
	(update.shouldChangePassword !== undefined && update.shouldChangePassword !== current.shouldChangePassword);

/**
 * Whether an update of one's own account needs a proof of who sends it. While a change is required a new password can be set
 * without the old one, so requiring it counts as well.
 */
export const needsProof = (current: UserRow, update: AdminUpdate): boolean =>
	Boolean(update.password) ||
	update.pinCode !== undefined ||
	isAnotherEmail(current, update) ||
	(update.shouldChangePassword === true && !current.shouldChangePassword);

/** Under which action a wrong current password is recorded. */
export const ownActionOf = ({ password, pinCode }: AdminUpdate): AuditAction =>
	password ? 'user.setPassword' : pinCode === null ? 'user.clearPin' : pinCode ? 'user.setPin' : 'user.update';

/**
 * Makes a label safe as a folder's name, as Immich does: no dots, no characters a file system refuses. Accents are written
 * in one way, because some file systems take both for one folder.
 */
export function storageLabelOf(label: string | null | undefined): string | null | undefined {
	return label && (sanitize(label.normalize('NFC').replaceAll('.', '')) || null);
}

/** Refuses a label that reads as another account's id: whoever has no label has a folder of that name. */
export function refuseForeignId(label: string | null | undefined, ownId: string | null): void {
	if (label && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(label) && label.toLowerCase() !== ownId)
		throw storageLabelTaken();
}

/** Refuses an email or a storage label of another account before anything is hashed; the write refuses them again. */
export async function refuseTaken(
	users: Pick<UserRepository, 'findByEmail' | 'listTakenLabels'>,
	{ email, storageLabel }: { readonly email?: string | undefined; readonly storageLabel?: string | null | undefined },
	ownId: string | null
): Promise<void> {
	const holder = email === undefined ? null : await users.findByEmail(email);
	if (holder && holder.id !== ownId) throw emailTaken();
	if (storageLabel && (await users.listTakenLabels([storageLabel], ownId)).length > 0) throw storageLabelTaken();
}

/** Says in the wire's words that an e-mail or a storage label is somebody else's. */
export async function translateTaken<Result>(write: Promise<Result>): Promise<Result> {
	try {
		return await write;
	} catch (error) {
		if (!(error instanceof TakenError)) throw error;
		throw error.field === 'storageLabel' ? storageLabelTaken() : emailTaken();
	}
}

/** Drops the keys that were not given, which a row's defaults then fill. */
export const givenOnly = (fields: object) =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Throws 400 for one's own admin status, and for the last admin's. */
export async function allowAdminChange(
	auth: Auth,
	current: UserRow,
	{ users }: Pick<Repositories, 'users'>
): Promise<void> {
	if (current.id === auth.user.id) throw ownAdminStatus();
	if (current.isAdmin && !(await users.hasAdmin(current.id))) throw lastAdmin();
}
