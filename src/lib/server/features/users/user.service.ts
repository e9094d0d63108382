import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import {
	UserPreferencesResponseDto,
	UserPreferencesUpdateDto,
	applyPreferencesUpdate,
	mergePreferences,
	sparsePreferences
} from '#lib/contract/users/preferences.ts';
import { OnboardingDto, type UserAdmin, type UserResponseDto, type UserUpdateMeDto } from '#lib/contract/users/user.ts';
import { mustChangePassword, type Auth } from '#lib/server/platform/caller/caller.ts';
import { requireAll } from '#lib/server/platform/caller/authorize.ts';
import { type IdentityCache, type OwnProof, requireLive, requireLiveAdmin } from '#lib/server/features/access/index.ts';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { toCallerQueueOptions } from '#lib/server/platform/caller/queue-options.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { passwordChangeRequired, requireUser } from '#lib/server/platform/errors.ts';
import { passwordChangedElsewhere, samePassword } from './errors.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import {
	recordedUserChanges,
	buildAuditEntry,
	type NamedUser,
	preferenceChanges
} from '#lib/server/features/audit/index.ts';
import type { UserStore } from './repositories.ts';
import type { UserChanges } from './user.repository.ts';
import type { OwnPassword } from './own-password.ts';
import { changedOnly, refuseTaken, translateTaken } from './user-changes.ts';
import { toUserAdminDto, toUserDto } from './user-dto.ts';

interface Dependencies {
	readonly store: UserStore;
	readonly identities: IdentityCache;
	readonly ownPassword: OwnPassword;
	readonly passwords: PasswordHasher;
	readonly proofs: OwnProof;
	readonly settings: SettingsReader;
}

/** How many users a search suggests. */
const mostSuggested = 10;

/** The caller's own account, and what every user can see of others. */
export class UserService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Lists all users, or only the caller if users are hidden from each other. */
	async search(auth: Auth): Promise<z.input<typeof UserResponseDto>[]> {
		const users = await this.#deps.store.users.listActive(this.#areUsersShown(auth) ? undefined : auth.user.id);
		return users.map(toUserDto);
	}

	/** Finds a few other users by name or email; none for an empty text, or if users are hidden from each other. */
	async suggest(auth: Auth, text: string): Promise<z.input<typeof UserResponseDto>[]> {
		if (text === '' || !this.#areUsersShown(auth)) return [];
		return (await this.#deps.store.publicUsers.search(text, auth.user.id, mostSuggested)).map(toUserDto);
	}

	/**
	 * Returns a user. If users are hidden from each other, only admins see another user's email.
	 * @throws {AppError} 400 if there is no such user
	 */
	async get(auth: Auth, id: string): Promise<z.input<typeof UserResponseDto>> {
		const user = requireUser(await this.#deps.store.users.find(id));
		const isShown = id === auth.user.id || this.#areUsersShown(auth);
		return isShown ? toUserDto(user) : { ...toUserDto(user), email: '' };
	}

	/**
	 * Returns the caller.
	 * @throws {AppError} 400 if the user has been deleted
	 */
	async getMe(auth: Auth): Promise<UserAdmin> {
		const user = requireUser(await this.#deps.identities.user(auth.user.id));
		return toUserAdminDto(user);
	}

	/**
	 * Changes the caller's own account. A password is accepted only if a change is required or none is set.
	 * @throws {AppError} 400 if the email is taken or a proof is missing
	 */
	async updateMe(
		auth: Auth,
		{ password, currentPassword, ...fields }: z.output<typeof UserUpdateMeDto>
	): Promise<UserAdmin> {
		const { store, settings, proofs } = this.#deps;
		// Setting the password allows signing in, and with that more than the API key's permissions.
		if (password) requireAll(auth);
		const { enforceChange } = settings.current.immichAuth.passwords;
		if (enforceChange && mustChangePassword(auth) && !password) throw passwordChangeRequired();
		const current = requireUser(await store.users.find(auth.user.id));
		const changes = changedOnly(current, fields);
		const isEmailChanged = changes?.email !== undefined;
		if (isEmailChanged) requireAll(auth);
		// Checked before anything is hashed.
		const verifiedHash = password ? await this.#replaceableHash(auth) : null;
		if (changes?.email !== undefined) await refuseTaken(store.users, { email: changes.email }, auth.user.id);
		const stillHolds = isEmailChanged ? await proofs.require(auth, currentPassword, 'profile.update') : null;
		if (password) return this.#setPassword(auth, password, verifiedHash, changes);
		if (!changes) return toUserAdminDto(current);
		const user = await store.transaction(async (repositories) => {
			const { users, audit, notifications } = repositories;
			await users.lock(auth.user.id);
			await requireLive(repositories, auth);
			await stillHolds?.(repositories);
			const changed = await translateTaken(users.update(auth.user.id, changes));
			const recorded = recordedUserChanges(current, changed);
			await audit.record(buildAuditEntry(auth, { action: 'profile.update', subject: current, changes: recorded }));
			if (isEmailChanged) await notifications.create(auth.user.id, notices.emailChanged);
			return changed;
		});
		return toUserAdminDto(user);
	}

	/** Whether the caller must enter the current password to change how they sign in. */
	async isProofNeeded(auth: Auth): Promise<boolean> {
		return !(await this.#deps.proofs.isRecent(auth));
	}

	#areUsersShown({ user }: Auth): boolean {
		return user.isAdmin || this.#deps.settings.current.system.server.publicUsers;
	}

	/**
	 * Returns the hash that can be replaced without the current password.
	 * @throws {AppError} 400 if that password is required
	 */
	async #replaceableHash(auth: Auth): Promise<string | null> {
		const passwordHash = (await this.#deps.store.users.findSecrets(auth.user.id))?.passwordHash ?? null;
		if (passwordHash !== null && !mustChangePassword(auth)) throw passwordChangedElsewhere();
		return passwordHash;
	}

	async #setPassword(
		auth: Auth,
		password: string,
		verifiedHash: string | null,
		changes: UserChanges | null
	): Promise<UserAdmin> {
		const { ownPassword, passwords, proofs } = this.#deps;
		if (mustChangePassword(auth) && (await passwords.matches(password, verifiedHash, toCallerQueueOptions(auth))))
			throw samePassword('password');
		const isProven = await proofs.isRecent(auth);
		return ownPassword.set(auth, password, {
			verifiedHash,
			isProven,
			areOthersEnded: true,
			...(changes && { changes })
		});
	}

	/** Returns the user's preferences, completed by the defaults. */
	async getPreferences(userId: string): Promise<z.input<typeof UserPreferencesResponseDto>> {
		return mergePreferences(await this.#deps.store.metadata.getForUser(userId, 'preferences'));
	}

	/** Merges the given preferences into the stored ones, of the caller or, for an admin, of another user. */
	async updatePreferences(
		auth: Auth,
		update: z.output<typeof UserPreferencesUpdateDto>,
		owner: NamedUser = auth.user
	): Promise<z.input<typeof UserPreferencesResponseDto>> {
		// Two concurrent changes must not undo each other.
		return this.#deps.store.transaction(async (repositories) => {
			const { users, metadata, audit } = repositories;
			await users.lock(owner.id);
			await (owner.id === auth.user.id ? requireLive : requireLiveAdmin)(repositories, auth);
			const stored = mergePreferences(await metadata.getForUser(owner.id, 'preferences'));
			const preferences = applyPreferencesUpdate(stored, update);
			const isChanged = !isDeepStrictEqual(sparsePreferences(stored), sparsePreferences(preferences));
			if (!isChanged) return preferences;
			await metadata.setForUser(owner.id, 'preferences', sparsePreferences(preferences));
			const changes = preferenceChanges(stored, preferences);
			await audit.record(buildAuditEntry(auth, { action: 'preferences.update', subject: owner, changes }));
			return preferences;
		});
	}

	/**
	 * Returns whether the user has completed the first-start wizard of Immich’s clients. Source:
	 * docs/wire-reference/users.md#onboarding.
	 */
	async getOnboarding({ user }: Auth): Promise<z.output<typeof OnboardingDto>> {
		const stored = OnboardingDto.safeParse(await this.#deps.store.metadata.getForUser(user.id, 'onboarding'));
		return { isOnboarded: stored.data?.isOnboarded ?? false };
	}

	async setOnboarding({ user }: Auth, dto: z.output<typeof OnboardingDto>): Promise<z.output<typeof OnboardingDto>> {
		await this.#deps.store.metadata.setForUser(user.id, 'onboarding', dto);
		return dto;
	}

	async deleteOnboarding({ user }: Auth): Promise<void> {
		await this.#deps.store.metadata.deleteForUser(user.id, 'onboarding');
	}
}
