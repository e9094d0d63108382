import type { Proof } from '#lib/contract/sign-in/pin-code.ts';
import type { AuditAction } from '#lib/contract/audit/audit.ts';
import type { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import { getProofKeys, getSessionId, unlockedMs, type Auth } from '#lib/server/platform/caller/caller.ts';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { toCallerQueueOptions } from '#lib/server/platform/caller/queue-options.ts';
import { noPinCode, passwordTooNew, pinCodeSet, pinOrPasswordNeeded, wrongPinCode } from './errors.ts';
import { requireUser, userNotFound } from '#lib/server/platform/errors.ts';
import { wrongPassword } from '#lib/server/features/users/index.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import type { SignInStore } from './repositories.ts';
import type { UserSecrets } from '#lib/server/features/users/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { isPasswordNew, type OwnProof, requireLive, requireLiveAdmin } from '#lib/server/features/access/index.ts';
import { lockSession, sessionNeeded } from '#lib/server/features/sessions/index.ts';

interface Dependencies {
	readonly store: SignInStore;
	readonly passwords: PasswordHasher;
	readonly attempts: RateLimiter;
	readonly proofs: OwnProof;
	readonly log: Log;
}

/** The PIN, and the sessions it unlocks. Source: docs/wire-reference/auth.md#pin-and-lock-endpoints. */
export class PinCodeService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Sets the first PIN.
	 * @throws {AppError} 400 if there is one
	 */
	async setup(auth: Auth, pinCode: string): Promise<void> {
		const { store, passwords } = this.#deps;
		if ((await store.users.findSecrets(auth.user.id))?.pinCodeHash) throw pinCodeSet();
		const pinCodeHash = await passwords.hash(pinCode, toCallerQueueOptions(auth));
		await store.transaction(async (repositories) => {
			const { users, audit, notifications } = repositories;
			const secrets = await users.lockSecrets(auth.user.id);
			await requireLive(repositories, auth);
			if (secrets?.pinCodeHash) throw pinCodeSet();
			await users.update(auth.user.id, { pinCodeHash });
			await audit.record(buildAuditEntry(auth, { action: 'pinCode.set' }));
			await notifications.create(auth.user.id, notices.ownPinSet);
		});
	}

	/**
	 * Replaces the caller's PIN.
	 * @throws {AppError} 400 for a missing or wrong proof, 429 after too many wrong ones
	 */
	async change(auth: Auth, proof: Proof, newPinCode: string): Promise<void> {
		const { store, passwords } = this.#deps;
		const proven = await this.#prove(auth, proof, 'pinCode.change');
		const pinCodeHash = await passwords.hash(newPinCode, toCallerQueueOptions(auth));
		await store.transaction(async (repositories) => {
			const { users, audit, notifications } = repositories;
			refuseIfChanged(await users.lockSecrets(auth.user.id), proven);
			await requireLive(repositories, auth);
			await users.update(auth.user.id, { pinCodeHash });
			await audit.record(buildAuditEntry(auth, { action: 'pinCode.change' }));
			await notifications.create(auth.user.id, notices.ownPinChanged);
		});
	}

	/** Removes the PIN and locks all sessions. */
	async reset(auth: Auth, proof: Proof): Promise<void> {
		const proven = await this.#prove(auth, proof, 'pinCode.reset');
		await this.#deps.store.transaction(async (repositories) => {
			const { users, sessions, audit, notifications } = repositories;
			refuseIfChanged(await users.lockSecrets(auth.user.id), proven);
			await requireLive(repositories, auth);
			await users.update(auth.user.id, { pinCodeHash: null });
			await sessions.lockByUser(auth.user.id);
			await audit.record(buildAuditEntry(auth, { action: 'pinCode.reset' }));
			await notifications.create(auth.user.id, notices.ownPinCleared);
		});
	}

	/**
	 * Removes a user's PIN on behalf of an admin. Removing one's own requires a recent sign-in.
	 * @throws {AppError} 400 if there is no such user, or without the recent sign-in
	 */
	async clear(auth: Auth, userId: string): Promise<void> {
		const { store, proofs } = this.#deps;
		if (userId === auth.user.id) await proofs.requireRecent(auth);
		await store.transaction(async (repositories) => {
			const { users, sessions, audit, notifications } = repositories;
			const secrets = await users.lockSecrets(userId);
			await requireLiveAdmin(repositories, auth);
			if (!secrets) throw userNotFound();
			const subject = await users.update(userId, { pinCodeHash: null });
			await sessions.lockByUser(userId);
			await audit.record(buildAuditEntry(auth, { action: 'user.clearPin', subject }));
			if (secrets.pinCodeHash !== null)
				await notifications.create(userId, userId === auth.user.id ? notices.ownPinCleared : notices.pinCleared);
		});
		this.#deps.log.info({ userId, by: auth.user.id }, 'PIN cleared');
	}

	/**
	 * Elevates the current session for 15 minutes, with the PIN or the password.
	 * @throws {AppError} 400 for an API key or a wrong PIN or password, 429 after too many wrong ones
	 */
	async unlock(auth: Auth, proof: Proof): Promise<void> {
		const sessionId = getSessionId(auth);
		if (!sessionId) throw sessionNeeded();
		const proven = await this.#prove(auth, proof, 'session.unlock');
		await this.#deps.store.transaction(async (repositories) => {
			const { users, sessions, audit } = repositories;
			refuseIfChanged(await users.lockSecrets(auth.user.id), proven);
			await requireLive(repositories, auth);
			const isUnlocked = await sessions.setPinExpiry(sessionId, new Date(Date.now() + unlockedMs));
			if (!isUnlocked) return;
			await audit.record(
				buildAuditEntry(auth, { action: 'session.unlock', object: { kind: 'session', id: sessionId } })
			);
		});
	}

	/**
	 * Ends the elevation of the current session.
	 * @throws {AppError} 400 for an API key
	 */
	async lock(auth: Auth): Promise<void> {
		const sessionId = getSessionId(auth);
		if (!sessionId) throw sessionNeeded();
		await this.#deps.store.transaction((repositories) => lockSession(repositories, auth, sessionId));
	}

	/**
	 * Checks the password or PIN; guesses are counted per user and per session.
	 * @throws {AppError} 400 if it is missing or wrong, 429 after too many wrong ones
	 */
	async #prove(auth: Auth, { password, pinCode }: Proof, action: AuditAction): Promise<UserSecrets> {
		const { store, passwords, attempts } = this.#deps;
		const secrets = requireUser(await store.users.findSecrets(auth.user.id));
		if (!secrets.pinCodeHash) throw noPinCode();
		if (!password && !pinCode) throw pinOrPasswordNeeded();
		const keys = getProofKeys(auth, password ? 'password' : 'pin');
		await attempts.count(keys);
		const turn = toCallerQueueOptions(auth);
		const isRight = password
			? await passwords.matches(password, secrets.passwordHash, turn)
			: await passwords.matches(pinCode ?? '', secrets.pinCodeHash, turn);
		if (!isRight) {
			await store.audit.record(buildAuditEntry(auth, { action, refused: password ? 'Wrong password' : 'Wrong PIN' }));
			throw password ? wrongPassword() : wrongPinCode();
		}
		await attempts.forget(keys);
		if (password && (await isPasswordNew(store, auth.user.id))) throw passwordTooNew();
		return secrets;
	}
}

/** The proof must still hold when it takes effect. */
function refuseIfChanged(current: UserSecrets | null, proven: UserSecrets): void {
	const isSame = current?.pinCodeHash === proven.pinCodeHash && current.passwordHash === proven.passwordHash;
	if (!isSame) throw wrongPinCode();
}
