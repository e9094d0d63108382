import type { z } from 'zod';
import { JsonBytes } from '#lib/contract/operation.ts';
import type { UserPreferencesResponseDto, UserPreferencesUpdateDto } from '#lib/contract/preferences.ts';
import type {
	NewAccount,
	UserAdminCreateDto,
	UserAdminDeleteDto,
	UserAdminUpdateDto
} from '#lib/contract/user-admin.ts';
import type { UserAdmin } from '#lib/contract/user.ts';
import { sessionIdOf, type Auth } from '../auth/auth.ts';
import type { PasswordPolicy } from '../auth/password-policy.ts';
import type { PasswordHasher } from '../auth/password.ts';
import { newTemporaryPassword, temporaryPasswordExpiry } from '../auth/temporary-password.ts';
import type { SettingsReader } from '../config/settings.ts';
import {
	confirmationMismatch,
	firstAccountMustBeAdmin,
	forbidden,
	lastAdmin,
	ownAccountDeletion,
	ownAdminStatus,
	passwordRequired,
	userNotFound
} from '../errors.ts';
import type { Log } from '../log.ts';
import { notices } from '../notices.ts';
import { providersOf } from '../oauth/provider.ts';
import type { Repositories, Store } from '../repositories/store.ts';
import type { UserChanges, UserRow } from '../repositories/user.repository.ts';
import { initialFields, recordUpdate } from './account-audit.ts';
import { entryOf } from './audit-entry.ts';
import { changedOnly, refuseForeignId, storageLabelOf, translateTaken } from './user-changes.ts';
import { toUserAdminDto } from './user-dto.ts';
import { accountsJson } from './user-json.ts';
import type { ProfileImageService } from './profile-image.service.ts';
import type { UserService } from './user.service.ts';

interface Dependencies {
	readonly store: Store;
	readonly passwords: PasswordHasher;
	readonly policy: PasswordPolicy;
	readonly settings: SettingsReader;
	readonly users: UserService;
	readonly profileImages: ProfileImageService;
	readonly log: Log;
}

/** Accounts, as administrators handle them. */
export class UserAdminService {
	readonly #with: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#with = dependencies;
	}

	/** Yields accounts, newest first, as JSON; one account where its id is given. */
	async *stream(query: {
		id?: string | undefined;
		withDeleted?: boolean | undefined;
	}): AsyncGenerator<UserAdmin | JsonBytes> {
		const { id, withDeleted = false } = query;
		const { users, copies } = this.#with.store;
		if (id !== undefined) {
			const user = await users.find(id, { isDeletedShown: withDeleted });
			if (user) yield toUserAdminDto(user);
			return;
		}
		yield* copies.stream(withDeleted, (lines) => new JsonBytes(accountsJson(lines)));
	}

	async get(id: string): Promise<UserAdmin> {
		return toUserAdminDto(await this.#find(id, { isDeletedShown: true }));
	}

	/** Makes an account. */
	async create(auth: Auth, dto: z.output<typeof UserAdminCreateDto>): Promise<UserAdmin> {
		return (await this.#create(auth, dto)).user;
	}

	/** Makes an account as the console asks for it: without a password given, with a temporary one. */
	async createWithPassword(auth: Auth, dto: z.output<typeof UserAdminCreateDto>): Promise<z.input<typeof NewAccount>> {
		const password = dto.password || newTemporaryPassword();
		return { ...(await this.#create(auth, { ...dto, password })), password };
	}

	/** Changes an account. A new password ends the person's sessions and is temporary. */
	async update(auth: Auth, id: string, dto: z.output<typeof UserAdminUpdateDto>): Promise<UserAdmin> {
		const { store, passwords, policy, settings } = this.#with;
		const { password, pinCode, quotaSizeInBytes, storageLabel, ...fields } = dto;
		if (password) await policy.require(password, { ...(await this.#find(id)), ...givenOnly(fields) });
		const [passwordHash, pinCodeHash] = await Promise.all([
			password ? passwords.hash(password) : undefined,
			pinCode ? passwords.hash(pinCode) : pinCode
		]);
		const user = await store.transaction(async (repositories) => {
			const { users, passwordStates, sessions, audit, notifications } = repositories;
			if (fields.isAdmin === false) await users.lockAdmins();
			const current = await users.find(id);
			if (!current) throw userNotFound();
			if (fields.isAdmin !== undefined && fields.isAdmin !== current.isAdmin)
				await allowAdminChange(auth, current, repositories);
			const changes: UserChanges = {
				...changedOnly(current, {
					...fields,
					storageLabel: storageLabel === '' ? null : storageLabelOf(storageLabel),
					quotaSizeInBytes: typeof quotaSizeInBytes === 'number' ? BigInt(quotaSizeInBytes) : quotaSizeInBytes
				}),
				...(passwordHash === undefined ? {} : { passwordHash }),
				...(pinCodeHash === undefined ? {} : { pinCodeHash })
			};
			refuseForeignId(changes.storageLabel, id);
			const changed = Object.keys(changes).length > 0 ? await translateTaken(users.update(id, changes)) : current;
			const isOwn = id === auth.user.id;
			let sessionsEnded = 0;
			if (passwordHash !== undefined) {
				const isTemporary = !isOwn && changed.shouldChangePassword;
				await passwordStates.recordSet(
					id,
					auth.user.id,
					isTemporary ? temporaryPasswordExpiry(settings.current) : null
				);
				sessionsEnded = await sessions.deleteByUser(id, isOwn ? sessionIdOf(auth) : null);
			} else if (fields.shouldChangePassword === true && !current.shouldChangePassword) {
				await passwordStates.recordDemand(id, auth.user.id);
			} else if (fields.shouldChangePassword === false) await passwordStates.settle(id);
			const isPasswordSet = passwordHash !== undefined;
			await recordUpdate(audit, auth, { before: current, after: changed, isPasswordSet, sessionsEnded, pinCodeHash });
			if (isPasswordSet) await notifications.create(id, isOwn ? notices.passwordChanged : notices.passwordSet);
			if (pinCodeHash !== undefined && !isOwn)
				await notifications.create(id, pinCodeHash === null ? notices.pinCleared : notices.pinSet);
			return changed;
		});
		return toUserAdminDto(user);
	}

	/** Deletes an account: for some days it can be restored, by force it is gone at once. */
	async delete(auth: Auth, id: string, { force = false }: z.output<typeof UserAdminDeleteDto>): Promise<UserAdmin> {
		const user = await this.#with.store.transaction(async (repositories) => {
			const { users, audit } = repositories;
			await users.lockAdmins();
			// A forced delete may follow a soft one.
			const current = await users.find(id, { isDeletedShown: force });
			if (!current) throw userNotFound();
			if (id === auth.user.id) throw ownAccountDeletion();
			if (current.isAdmin && !(await users.hasAdmin(id))) throw lastAdmin();
			if (!(await users.find(auth.user.id))?.isAdmin) throw forbidden();
			const status = force ? 'removing' : 'deleted';
			const deleted = await users.update(id, { status, deletedAt: current.deletedAt ?? new Date() });
			if (force) await users.remove(id);
			await audit.record(entryOf(auth, { action: force ? 'user.remove' : 'user.delete', subject: current }));
			return deleted;
		});
		if (force) await this.#with.profileImages.removeAll(id);
		this.#with.log.info({ userId: id, by: auth.user.id, isForced: force }, 'Account deleted');
		return toUserAdminDto(user);
	}

	/** The same for a person at a form, who types the account's e-mail before it is gone for good. */
	async deleteConfirmed(
		auth: Auth,
		id: string,
		{ force, confirmation }: { force: boolean; confirmation: string }
	): Promise<UserAdmin> {
		const user = await this.#find(id, { isDeletedShown: true });
		if (force && confirmation.trim().toLowerCase() !== user.email.toLowerCase()) throw confirmationMismatch();
		return this.delete(auth, id, { force });
	}

	/** Restores a deleted account; does nothing to one that is not deleted. */
	async restore(auth: Auth, id: string): Promise<UserAdmin> {
		const user = await this.#with.store.transaction(async ({ users, audit }) => {
			const current = await users.find(id, { isDeletedShown: true });
			if (!current) throw userNotFound();
			if (!current.deletedAt) return current;
			await audit.record(entryOf(auth, { action: 'user.restore', subject: current }));
			return users.update(id, { status: 'active', deletedAt: null });
		});
		return toUserAdminDto(user);
	}

	/** Reads a person's preferences, a deleted one's too. */
	async getPreferences(id: string): Promise<z.input<typeof UserPreferencesResponseDto>> {
		await this.#find(id, { isDeletedShown: true });
		return this.#with.users.getPreferences(id);
	}

	async updatePreferences(
		auth: Auth,
		id: string,
		update: z.output<typeof UserPreferencesUpdateDto>
	): Promise<z.input<typeof UserPreferencesResponseDto>> {
		return this.#with.users.updatePreferences(auth, update, await this.#find(id));
	}

	async #create(
		auth: Auth,
		{ notify: _, password, pinCode, storageLabel, quotaSizeInBytes, ...fields }: z.output<typeof UserAdminCreateDto>
	): Promise<{ user: UserAdmin; expiresAt: string | null }> {
		const { store, passwords, policy, settings, log } = this.#with;
		refuseForeignId(storageLabel, null);
		if (password === '' && providersOf(settings.current).length === 0) throw passwordRequired();
		await policy.require(password, fields);
		const [passwordHash, pinCodeHash] = await Promise.all([
			password ? passwords.hash(password) : undefined,
			pinCode ? passwords.hash(pinCode) : undefined
		]);
		const isTemporary = passwordHash !== undefined && fields.shouldChangePassword !== false;
		const expiresAt = isTemporary ? temporaryPasswordExpiry(settings.current) : null;
		const user = await store.transaction(async ({ users, passwordStates, audit }) => {
			if (!fields.isAdmin && !(await users.hasAdmin())) throw firstAccountMustBeAdmin();
			const created = await translateTaken(
				users.create({
					...givenOnly(fields),
					email: fields.email,
					name: fields.name,
					...(passwordHash === undefined ? {} : { passwordHash }),
					...(pinCodeHash === undefined ? {} : { pinCodeHash }),
					storageLabel: storageLabelOf(storageLabel) || null,
					quotaSizeInBytes: typeof quotaSizeInBytes === 'number' ? BigInt(quotaSizeInBytes) : null
				})
			);
			if (passwordHash !== undefined) await passwordStates.recordSet(created.id, auth.user.id, expiresAt);
			const changes = initialFields(created);
			await audit.record(entryOf(auth, { action: 'user.create', subject: created, changes }));
			return created;
		});
		log.info({ userId: user.id, by: auth.user.id }, 'Account made');
		return { user: toUserAdminDto(user), expiresAt: expiresAt?.toISOString() ?? null };
	}

	async #find(id: string, { isDeletedShown = false } = {}): Promise<UserRow> {
		const user = await this.#with.store.users.find(id, { isDeletedShown });
		if (!user) throw userNotFound();
		return user;
	}
}

/** Nobody changes one's own admin status, and one administrator always stays. */
async function allowAdminChange(auth: Auth, current: UserRow, { users }: Repositories): Promise<void> {
	if (current.id === auth.user.id) throw ownAdminStatus();
	if (current.isAdmin && !(await users.hasAdmin(current.id))) throw lastAdmin();
	// The caller may have been demoted while waiting for the lock.
	if (!(await users.find(auth.user.id))?.isAdmin) throw forbidden();
}

/** Drops the keys that were not given, which a row's defaults then fill. */
const givenOnly = (fields: object) =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
