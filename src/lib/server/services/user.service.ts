import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import {
	UserPreferencesResponseDto,
	UserPreferencesUpdateDto,
	applyPreferencesUpdate,
	mergePreferences,
	sparsePreferences
} from '#lib/contract/preferences.ts';
import { OnboardingDto, type UserAdmin, type UserResponseDto, type UserUpdateMeDto } from '#lib/contract/user.ts';
import { mustChangePassword, type Auth } from '../auth/auth.ts';
import type { Identities } from '../auth/identities.ts';
import type { PasswordHasher } from '../auth/password.ts';
import type { SettingsReader } from '../config/settings.ts';
import { passwordChangeRequired, samePassword, userNotFound } from '../errors.ts';
import type { Store } from '../repositories/store.ts';
import type { UserChanges } from '../repositories/user.repository.ts';
import type { AuthService } from './auth.service.ts';
import { changedOnly, translateTaken } from './user-changes.ts';
import { toUserAdminDto, toUserDto } from './user-dto.ts';

interface Dependencies {
	readonly store: Store;
	readonly identities: Identities;
	readonly auth: AuthService;
	readonly passwords: PasswordHasher;
	readonly settings: SettingsReader;
}

/** One's own account, and what everybody may see of others. */
export class UserService {
	readonly #with: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#with = dependencies;
	}

	/** Lists everybody, or only the caller where the server keeps its people to itself. */
	async search(auth: Auth): Promise<z.input<typeof UserResponseDto>[]> {
		const isEverybodyShown = auth.user.isAdmin || this.#with.settings.current.system.server.publicUsers;
		const users = await this.#with.store.users.listActive(isEverybodyShown ? undefined : auth.user.id);
		return users.map(toUserDto);
	}

	async get(id: string): Promise<z.input<typeof UserResponseDto>> {
		const user = await this.#with.store.users.find(id);
		if (!user) throw userNotFound();
		return toUserDto(user);
	}

	async getMe(auth: Auth): Promise<UserAdmin> {
		const user = await this.#with.identities.user(auth.user.id);
		if (!user) throw userNotFound();
		return toUserAdminDto(user);
	}

	/** Changes one's own account; a new password settles a change that was demanded. */
	async updateMe(auth: Auth, { password, ...fields }: z.output<typeof UserUpdateMeDto>): Promise<UserAdmin> {
		const { store, settings } = this.#with;
		const { enforceChange } = settings.current.immichAuth.passwords;
		if (enforceChange && mustChangePassword(auth) && !password) throw passwordChangeRequired();
		const current = await store.users.find(auth.user.id);
		if (!current) throw userNotFound();
		const changes = changedOnly(current, fields);
		if (password) return this.#setPassword(auth, password, changes);
		return toUserAdminDto(changes ? await translateTaken(store.users.update(auth.user.id, changes)) : current);
	}

	async #setPassword(auth: Auth, password: string, changes: UserChanges | null): Promise<UserAdmin> {
		const { store, auth: own, passwords } = this.#with;
		const secrets = await store.users.findSecrets(auth.user.id);
		const verifiedHash = secrets?.passwordHash ?? null;
		if (mustChangePassword(auth) && (await passwords.matches(password, verifiedHash))) throw samePassword('password');
		return own.setOwnPassword(auth, password, { verifiedHash, areOthersEnded: true, ...(changes && { changes }) });
	}

	async getPreferences(userId: string): Promise<z.input<typeof UserPreferencesResponseDto>> {
		return mergePreferences(await this.#with.store.metadata.getOfUser(userId, 'preferences'));
	}

	/** Merges the given preferences into the stored ones. */
	async updatePreferences(
		userId: string,
		update: z.output<typeof UserPreferencesUpdateDto>
	): Promise<z.input<typeof UserPreferencesResponseDto>> {
		// Two switches moved at the same time must not undo each other.
		return this.#with.store.transaction(async ({ users, metadata }) => {
			await users.lock(userId);
			const stored = mergePreferences(await metadata.getOfUser(userId, 'preferences'));
			const preferences = applyPreferencesUpdate(stored, update);
			const isChanged = !isDeepStrictEqual(sparsePreferences(stored), sparsePreferences(preferences));
			if (isChanged) await metadata.setOfUser(userId, 'preferences', sparsePreferences(preferences));
			return preferences;
		});
	}

	async getOnboarding({ user }: Auth): Promise<z.output<typeof OnboardingDto>> {
		const stored = OnboardingDto.safeParse(await this.#with.store.metadata.getOfUser(user.id, 'onboarding'));
		return { isOnboarded: stored.data?.isOnboarded ?? false };
	}

	async setOnboarding({ user }: Auth, dto: z.output<typeof OnboardingDto>): Promise<z.output<typeof OnboardingDto>> {
		await this.#with.store.metadata.setOfUser(user.id, 'onboarding', dto);
		return dto;
	}

	async deleteOnboarding({ user }: Auth): Promise<void> {
		await this.#with.store.metadata.deleteOfUser(user.id, 'onboarding');
	}
}
