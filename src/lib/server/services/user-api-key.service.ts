import type { ApiKeyDetails, ApiKeyPage } from '#lib/contract/api-key-details.ts';
import type { Auth } from '../auth/auth.ts';
import { apiKeyNotFound, userNotFound } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Store } from '../repositories/store.ts';
import { toApiKeyDetails } from './api-key-dto.ts';
import { listKeys } from './api-key-details.service.ts';

/** Other people's API keys, as administrators see and end them: they make none, and no secret is shown. */
export class UserApiKeyService {
	readonly #store: Store;
	readonly #log: Log;

	constructor(store: Store, log: Log) {
		this.#store = store;
		this.#log = log;
	}

	/** Lists the keys of an account, a deleted one's too. */
	async list(userId: string, afterId?: string): Promise<ApiKeyPage> {
		await this.#requireUser(userId);
		return listKeys(this.#store, userId, afterId);
	}

	async get(userId: string, keyId: string): Promise<ApiKeyDetails> {
		const row = await this.#store.apiKeys.find(userId, keyId);
		if (!row) throw apiKeyNotFound();
		return toApiKeyDetails(row);
	}

	async end(auth: Auth, userId: string, keyId: string): Promise<void> {
		if (!(await this.#store.apiKeys.delete(userId, keyId))) throw apiKeyNotFound();
		this.#log.info({ userId, keyId, by: auth.user.id }, 'API key ended');
	}

	async endAll(auth: Auth, userId: string): Promise<void> {
		await this.#requireUser(userId);
		const count = await this.#store.apiKeys.deleteByUser(userId);
		this.#log.info({ userId, count, by: auth.user.id }, 'API keys ended');
	}

	async #requireUser(id: string): Promise<void> {
		if (!(await this.#store.users.find(id, { isDeletedShown: true }))) throw userNotFound();
	}
}
