import type { ApiKeyDetails, ApiKeyPage } from '#lib/contract/api-keys/api-key-details.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { UsageRecorder } from './usage-recorder.ts';
import { apiKeyNotFound } from './errors.ts';
import { requireUser } from '#lib/server/platform/errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { ApiKeyStore } from './repositories.ts';
import type { UserRow } from '#lib/server/features/users/index.ts';
import { endedChanges, buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { toApiKeyDetails } from './api-key-dto.ts';
import { listKeys } from './api-key-details.service.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';

interface Dependencies {
	readonly store: ApiKeyStore;
	readonly usage: UsageRecorder;
	readonly log: Log;
}

/** Other users' API keys for admins, who can list and revoke them, but not create them or see secrets. */
export class ApiKeyAdminService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Lists the keys of a user, including a deleted one. */
	async list(userId: string, afterId?: string): Promise<ApiKeyPage> {
		await this.#requireUser(userId);
		return listKeys(this.#deps, userId, afterId);
	}

	/**
	 * Returns one of a user's keys, without its secret.
	 * @throws {AppError} 400 if the user has no such key
	 */
	async get(userId: string, keyId: string): Promise<ApiKeyDetails> {
		const { store, usage } = this.#deps;
		await usage.flush();
		const row = await store.apiKeys.find(userId, keyId);
		if (!row) throw apiKeyNotFound();
		return toApiKeyDetails(row);
	}

	/**
	 * Deletes one of a user's keys.
	 * @throws {AppError} 400 if the user has no such key
	 */
	async end(auth: Auth, userId: string, keyId: string): Promise<void> {
		await this.#deps.store.transaction(async (repositories) => {
			const { apiKeys, users, audit } = repositories;
			await users.lock(userId);
			await requireLiveAdmin(repositories, auth);
			const key = await apiKeys.find(userId, keyId);
			if (!key || !(await apiKeys.delete(userId, keyId))) throw apiKeyNotFound();
			const subject = await users.find(userId, { isDeletedShown: true });
			const object = { kind: 'apiKey', id: keyId, label: key.name } as const;
			await audit.record(buildAuditEntry(auth, { action: 'apiKey.delete', subject, object }));
		});
		this.#deps.log.info({ userId, keyId, by: auth.user.id }, 'API key revoked');
	}

	/** Deletes all of a user's keys. */
	async endAll(auth: Auth, userId: string): Promise<void> {
		const subject = await this.#requireUser(userId);
		const count = await this.#deps.store.transaction(async (repositories) => {
			const { users, apiKeys, audit } = repositories;
			// The lock ensures that a key being created right now is deleted too.
			await users.lock(userId);
			await requireLiveAdmin(repositories, auth);
			const apiKeysEnded = await apiKeys.deleteByUser(userId);
			await audit.record(
				buildAuditEntry(auth, { action: 'apiKey.deleteAll', subject, changes: endedChanges({ apiKeysEnded }) })
			);
			return apiKeysEnded;
		});
		this.#deps.log.info({ userId, count, by: auth.user.id }, 'API keys revoked');
	}

	async #requireUser(id: string): Promise<UserRow> {
		const user = requireUser(await this.#deps.store.users.find(id, { isDeletedShown: true }));
		return user;
	}
}
