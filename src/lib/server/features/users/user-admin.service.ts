import type { z } from 'zod';
import { isSameEmail } from '#lib/contract/email.ts';
import { JsonBytes } from '#lib/contract/operation.ts';
import type { UserPreferencesResponseDto, UserPreferencesUpdateDto } from '#lib/contract/users/preferences.ts';
import type {
	NewUser,
	UserAdminCreateDto,
	UserAdminDeleteDto,
	UserAdminUpdateDto
} from '#lib/contract/users/user-admin.ts';
import type { UserAdmin } from '#lib/contract/users/user.ts';
import { getSessionId, type Auth } from '#lib/server/platform/caller/caller.ts';
import { hasAll, requireAll } from '#lib/server/platform/caller/authorize.ts';
import type { PasswordPolicy } from './password-policy.ts';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { newTemporaryPassword, temporaryPasswordExpiry } from '#lib/server/platform/crypto/temporary-password.ts';
import { toCallerQueueOptions } from '#lib/server/platform/caller/queue-options.ts';
import { listProviders, type SettingsReader } from '#lib/server/features/settings/index.ts';
import { confirmationMismatch, firstUserMustBeAdmin, ownUserDeletion, passwordRequired } from './errors.ts';
import { requireUser } from '#lib/server/platform/errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import { removalLimits, type RemovalListener, StoredFiles } from './remove-users.ts';
import type { UserStore } from './repositories.ts';
import type { UserChanges, UserRow } from './user.repository.ts';
import { endedChanges, buildAuditEntry, initialFields, recordUpdate } from '#lib/server/features/audit/index.ts';
import { type OwnProof, requireLiveAdmin, currentPasswordNeeded } from '#lib/server/features/access/index.ts';
import {
	allowAdminChange,
	requireOtherAdmin,
	changedOnly,
	changesAccess,
	withoutUndefined,
	needsProof,
	getOwnAction,
	refuseForeignId,
	refuseTaken,
	normalizeStorageLabel,
	translateTaken
} from './user-changes.ts';
import { toUserAdminDto } from './user-dto.ts';
import { usersJson } from './list-stream/user-json.ts';
import type { UserService } from './user.service.ts';

interface Dependencies {
	readonly store: UserStore;
	readonly passwords: PasswordHasher;
	readonly proofs: OwnProof;
	readonly policy: PasswordPolicy;
	readonly settings: SettingsReader;
	readonly users: UserService;
	/** Find what other features store of a user. */
	readonly removalListeners: readonly RemovalListener[];
	readonly log: Log;
}

/** Manages users on behalf of admins. */
export class UserAdminService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Yields users as JSON, newest first; one user if an ID is given. */
	async *stream(query: {
		id?: string | undefined;
		withDeleted?: boolean | undefined;
	}): AsyncGenerator<UserAdmin | JsonBytes> {
		const { id, withDeleted = false } = query;
		const { users, copies } = this.#deps.store;
		if (id !== undefined) {
			const user = await users.find(id, { isDeletedShown: withDeleted });
			if (user) yield toUserAdminDto(user);
			return;
		}
		yield* copies.stream(withDeleted, (lines) => new JsonBytes(usersJson(lines)));
	}

	/** Returns a user, also a deleted one. @throws {AppError} 400 if there is no such user */
	async get(id: string): Promise<UserAdmin> {
		return toUserAdminDto(await this.#find(id, { isDeletedShown: true }));
	}

	/** Creates a user. @throws {AppError} 400 if a value is taken or not allowed */
	async create(auth: Auth, dto: z.output<typeof UserAdminCreateDto>): Promise<UserAdmin> {
		return (await this.#create(auth, dto)).user;
	}

	/** Creates a user for the console, with a temporary password unless one is given. */
	async createWithPassword(auth: Auth, dto: z.output<typeof UserAdminCreateDto>): Promise<z.input<typeof NewUser>> {
		const password = dto.password || newTemporaryPassword();
		return { ...(await this.#create(auth, { ...dto, password })), password };
	}

	/**
	 * Changes a user. A new password is temporary and ends the user's sessions.
	 * @throws {AppError} 400 if the user is unknown, a value is taken or not allowed, or a proof is missing
	 */
	async update(
		auth: Auth,
		id: string,
		{ currentPassword, ...dto }: z.output<typeof UserAdminUpdateDto>
	): Promise<UserAdmin> {
		const { store, passwords, policy, proofs, settings } = this.#deps;
		const { password, pinCode, quotaSizeInBytes, storageLabel, ...fields } = dto;
		const isOwn = id === auth.user.id;
		if (password || pinCode !== undefined) requireAll(auth);
		const known = await this.#find(id);
		if (changesAccess(known, fields)) requireAll(auth);
		if (fields.isAdmin !== undefined && fields.isAdmin !== known.isAdmin)
			await allowAdminChange(auth, known, store, settings);
		const label = normalizeStorageLabel(storageLabel);
		refuseForeignId(label, id);
		if (password || pinCode) await refuseTaken(store.users, { email: fields.email, storageLabel: label }, id);
		const stillHolds =
			isOwn && needsProof(known, dto) ? await proofs.require(auth, currentPassword, getOwnAction(dto)) : null;
		if (password) await policy.require(password, { ...known, ...withoutUndefined(fields) });
		const turn = toCallerQueueOptions(auth);
		const [passwordHash, pinCodeHash] = await Promise.all([
			password ? passwords.hash(password, turn) : undefined,
			pinCode ? passwords.hash(pinCode, turn) : pinCode
		]);
		const user = await store.transaction(async (repositories) => {
			const { users, passwordStates, sessions, signInOrigins, audit, notifications } = repositories;
			if (fields.isAdmin === false) await users.lockAdmins();
			await users.lock(id);
			await requireLiveAdmin(repositories, auth);
			await stillHolds?.(repositories);
			const current = requireUser(await users.find(id));
			if (changesAccess(current, fields)) requireAll(auth);
			// Another request may have changed the user since the check.
			if (isOwn && !stillHolds && needsProof(current, dto)) throw currentPasswordNeeded();
			if (fields.isAdmin !== undefined && fields.isAdmin !== current.isAdmin)
				await allowAdminChange(auth, current, repositories, settings);
			const given = changedOnly(current, {
				...fields,
				storageLabel: storageLabel === '' ? null : label,
				quotaSizeInBytes: typeof quotaSizeInBytes === 'number' ? BigInt(quotaSizeInBytes) : quotaSizeInBytes
			});
			const changes: UserChanges = {
				...given,
				...(given?.email !== undefined && { emailOrigin: 'admin' }),
				...(passwordHash === undefined ? {} : { passwordHash }),
				...(pinCodeHash === undefined ? {} : { pinCodeHash })
			};
			refuseForeignId(changes.storageLabel, id);
			const changed = Object.keys(changes).length > 0 ? await translateTaken(users.update(id, changes)) : current;
			let sessionsEnded = 0;
			if (passwordHash !== undefined) {
				const isTemporary = !isOwn && changed.shouldChangePassword;
				const expiresAt = isTemporary ? temporaryPasswordExpiry(settings.current) : null;
				await passwordStates.recordSet(id, { setBy: auth.user.id, expiresAt });
				sessionsEnded = await sessions.deleteByUser(id, isOwn ? getSessionId(auth) : null);
				await signInOrigins.forgetAll(id);
			} else if (fields.shouldChangePassword === true && !current.shouldChangePassword) {
				await passwordStates.recordRequirement(id, auth.user.id);
			} else if (fields.shouldChangePassword === false && current.shouldChangePassword)
				await passwordStates.clearRequirement(id);
			const isPasswordSet = passwordHash !== undefined;
			await recordUpdate(audit, auth, { before: current, after: changed, isPasswordSet, sessionsEnded, pinCodeHash });
			if (isPasswordSet) await notifications.create(id, isOwn ? notices.passwordChanged : notices.passwordSet);
			if (current.email !== changed.email)
				await notifications.create(id, isOwn ? notices.emailChanged : notices.emailSet);
			if (pinCodeHash !== undefined) await notifications.create(id, notices.pin(pinCodeHash !== null, isOwn));
			return changed;
		});
		return toUserAdminDto(user);
	}

	/**
	 * Deletes a user, who can be restored for some days; with `force`, permanently and immediately.
	 * @throws {AppError} 400 if there is no such user, no other admin or none who can sign in, 403 for the caller's own account
	 */
	async delete(auth: Auth, id: string, { force = false }: z.output<typeof UserAdminDeleteDto>): Promise<UserAdmin> {
		const stored = new StoredFiles();
		const user = await this.#deps.store.transaction(async (repositories) => {
			const { users, sessions, apiKeys, audit } = repositories;
			await users.lockAdmins();
			await users.lockForRemoval(id);
			await requireLiveAdmin(repositories, auth);
			// A forced delete may follow a soft one.
			const current = requireUser(await users.find(id, { isDeletedShown: force }));
			if (id === auth.user.id) throw ownUserDeletion();
			if (current.isAdmin) await requireOtherAdmin(repositories, this.#deps.settings, id);
			const status = force ? 'removing' : 'deleted';
			const deleted = await users.update(id, { status, deletedAt: current.deletedAt ?? new Date() });
			// A deleted user's credentials must not work again after a restore.
			const sessionsEnded = await sessions.deleteByUser(id);
			const apiKeysEnded = await apiKeys.deleteByUser(id);
			if (force) await stored.find(this.#deps.removalListeners, id);
			if (force) await users.remove(id);
			const changes = endedChanges({ sessionsEnded, apiKeysEnded });
			const action = force ? 'user.remove' : 'user.delete';
			await audit.record(buildAuditEntry(auth, { action, subject: current, changes }));
			return deleted;
		}, removalLimits);
		// Only now: if the transaction had failed, the user would still need their files.
		await stored.remove(this.#deps.log);
		this.#deps.log.info({ userId: id, by: auth.user.id, isForced: force }, 'Account deleted');
		return toUserAdminDto(user);
	}

	/** @throws {AppError} as `delete`, and 400 unless the admin typed the user's email for a permanent deletion */
	async deleteConfirmed(
		auth: Auth,
		id: string,
		{ force, confirmation }: { force: boolean; confirmation: string }
	): Promise<UserAdmin> {
		const user = await this.#find(id, { isDeletedShown: true });
		const isConfirmed = isSameEmail(confirmation.trim().toLowerCase(), user.email.toLowerCase());
		if (force && !isConfirmed) throw confirmationMismatch();
		return this.delete(auth, id, { force });
	}

	/** @throws {AppError} 400 if there is no such user; does nothing if the user isn't deleted */
	async restore(auth: Auth, id: string): Promise<UserAdmin> {
		const user = await this.#deps.store.transaction(async (repositories) => {
			const { users, sessions, apiKeys, audit } = repositories;
			await users.lock(id);
			await requireLiveAdmin(repositories, auth);
			const current = requireUser(await users.find(id, { isDeletedShown: true }));
			if (!current.deletedAt) return current;
			// Left over if Immich or an earlier version deleted the user.
			const sessionsEnded = await sessions.deleteByUser(id);
			const apiKeysEnded = await apiKeys.deleteByUser(id);
			const changes = endedChanges({ sessionsEnded, apiKeysEnded });
			await audit.record(buildAuditEntry(auth, { action: 'user.restore', subject: current, changes }));
			return users.update(id, { status: 'active', deletedAt: null });
		});
		return toUserAdminDto(user);
	}

	/** Returns a user's preferences, including a deleted user's. */
	async getPreferences(id: string): Promise<z.input<typeof UserPreferencesResponseDto>> {
		await this.#find(id, { isDeletedShown: true });
		return this.#deps.users.getPreferences(id);
	}

	/** Changes the given preferences of a user; returns all. @throws {AppError} 400 if there is no such user */
	async updatePreferences(
		auth: Auth,
		id: string,
		update: z.output<typeof UserPreferencesUpdateDto>
	): Promise<z.input<typeof UserPreferencesResponseDto>> {
		return this.#deps.users.updatePreferences(auth, update, await this.#find(id));
	}

	async #create(
		auth: Auth,
		{ notify: _, password, pinCode, storageLabel, quotaSizeInBytes, ...fields }: z.output<typeof UserAdminCreateDto>
	): Promise<{ user: UserAdmin; expiresAt: string | null }> {
		const { store, passwords, policy, settings, log } = this.#deps;
		if (fields.isAdmin) requireAll(auth);
		const label = normalizeStorageLabel(storageLabel) || null;
		refuseForeignId(label, null);
		if (password === '' && listProviders(settings.current).length === 0) throw passwordRequired();
		await policy.require(password, fields);
		await refuseTaken(store.users, { email: fields.email, storageLabel: label }, null);
		const turn = toCallerQueueOptions(auth);
		const [passwordHash, pinCodeHash] = await Promise.all([
			password ? passwords.hash(password, turn) : undefined,
			pinCode ? passwords.hash(pinCode, turn) : undefined
		]);
		// The holder of a lesser key could wait in the account for the owner of the email: docs/decisions/022.
		const isSignInKnown = passwordHash !== undefined || pinCodeHash !== undefined;
		const isTemporary = passwordHash !== undefined && fields.shouldChangePassword !== false;
		const expiresAt = isTemporary ? temporaryPasswordExpiry(settings.current) : null;
		const user = await store.transaction(async (repositories) => {
			const { users, passwordStates, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			if (!fields.isAdmin && !(await users.hasAdmin())) throw firstUserMustBeAdmin();
			const created = await translateTaken(
				users.create({
					...withoutUndefined(fields),
					email: fields.email,
					emailOrigin: isSignInKnown && !hasAll(auth) ? 'self' : 'admin',
					name: fields.name,
					...(passwordHash === undefined ? {} : { passwordHash }),
					...(pinCodeHash === undefined ? {} : { pinCodeHash }),
					storageLabel: label,
					quotaSizeInBytes: typeof quotaSizeInBytes === 'number' ? BigInt(quotaSizeInBytes) : null
				})
			);
			if (passwordHash !== undefined)
				await passwordStates.recordSet(created.id, { setBy: auth.user.id, expiresAt, setAt: created.createdAt });
			const changes = initialFields(created);
			await audit.record(buildAuditEntry(auth, { action: 'user.create', subject: created, changes }));
			return created;
		});
		log.info({ userId: user.id, by: auth.user.id }, 'Account made');
		return { user: toUserAdminDto(user), expiresAt: expiresAt?.toISOString() ?? null };
	}

	async #find(id: string, { isDeletedShown = false } = {}): Promise<UserRow> {
		return requireUser(await this.#deps.store.users.find(id, { isDeletedShown }));
	}
}
