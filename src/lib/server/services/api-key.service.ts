import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { ApiKey, ApiKeyCreateDto, ApiKeyUpdateDto, ApiKeyWithSecret } from '#lib/contract/api-key.ts';
import type { Auth } from '../auth/auth.ts';
import { grants } from '../auth/authorize.ts';
import { hashSecret } from '../auth/tokens.ts';
import { apiKeyNotFound, notByApiKey, outliving, ungrantable, unrotatable } from '../errors.ts';
import type { ApiKeyChanges, ApiKeyRow, StoredSecret } from '../repositories/api-key.repository.ts';
import type { Store } from '../repositories/store.ts';
import { toApiKeyDto } from './api-key-dto.ts';

const unnamed = 'API Key';
const shownCharacters = 4;

/** Makes a secret as Immich does: 32 random bytes in base64 without its signs. Source: wire reference 2.4, 2.6. */
const newSecret = (): string => randomBytes(32).toString('base64').replace(/\W/g, '');

const toStored = (secret: string): StoredSecret => ({
	keyHash: hashSecret(secret),
	prefix: secret.slice(0, shownCharacters),
	lastFour: secret.slice(-shownCharacters)
});

/** One's own API keys. A key handles no key that may more than itself, or for longer. */
export class ApiKeyService {
	readonly #store: Store;

	constructor(store: Store) {
		this.#store = store;
	}

	async list(auth: Auth): Promise<ApiKey[]> {
		return (await this.#store.apiKeys.listByUser(auth.user.id)).map(toApiKeyDto);
	}

	async get(auth: Auth, id: string): Promise<ApiKey> {
		return toApiKeyDto(await this.find(auth, id));
	}

	/** Reads the key that the call is made with. */
	async getCalling(auth: Auth): Promise<ApiKey> {
		if (auth.credential.kind !== 'apiKey') throw notByApiKey();
		return this.get(auth, auth.credential.keyId);
	}

	/** Makes a key; one that a key makes ends with that at the latest. */
	async create(
		auth: Auth,
		dto: z.output<typeof ApiKeyCreateDto>,
		expiresAt: Date | null = null
	): Promise<ApiKeyWithSecret & { expiresAt: string | null }> {
		if (!mayGrant(auth, dto.permissions)) throw ungrantable();
		const secret = newSecret();
		const row = await this.#store.apiKeys.create({
			userId: auth.user.id,
			name: dto.name || unnamed,
			secret: toStored(secret),
			permissions: dto.permissions,
			expiresAt: mayOutlive(auth, expiresAt) ? expiresAt : ownExpiry(auth)
		});
		return { ...withSecret(row, secret), expiresAt: row.expiresAt?.toISOString() ?? null };
	}

	async update(
		auth: Auth,
		id: string,
		{ name, permissions: wanted }: z.output<typeof ApiKeyUpdateDto>
	): Promise<ApiKey> {
		const row = await this.change(auth, await this.find(auth, id), {
			...(name === undefined ? {} : { name }),
			...(wanted === undefined ? {} : { permissions: wanted })
		});
		return toApiKeyDto(row);
	}

	/** Changes a key in what is given, where the caller may; nothing given writes nothing. */
	async change(
		auth: Auth,
		current: ApiKeyRow,
		changes: Pick<ApiKeyChanges, 'name' | 'permissions' | 'expiresAt'>
	): Promise<ApiKeyRow> {
		// Renaming a key that may more is no way to it, but taking it over by what it is called would be.
		if (!mayGrant(auth, [...current.permissions, ...(changes.permissions ?? [])])) throw ungrantable();
		if (changes.expiresAt !== undefined && !mayOutlive(auth, changes.expiresAt)) throw outliving();
		if (Object.keys(changes).length === 0) return current;
		const row = await this.#store.transaction(({ apiKeys }) => apiKeys.update(auth.user.id, current.id, changes));
		if (!row) throw apiKeyNotFound();
		return row;
	}

	/** Replaces the secret; the old one ends at once. */
	async rotate(auth: Auth, id: string): Promise<ApiKeyWithSecret> {
		const current = await this.find(auth, id);
		if (!mayGrant(auth, current.permissions) || !mayOutlive(auth, current.expiresAt)) throw unrotatable();
		const secret = newSecret();
		const changes = { secret: toStored(secret) };
		const row = await this.#store.transaction(({ apiKeys }) => apiKeys.update(auth.user.id, id, changes));
		if (!row) throw apiKeyNotFound();
		return withSecret(row, secret);
	}

	async delete(auth: Auth, id: string): Promise<void> {
		if (!(await this.#store.apiKeys.delete(auth.user.id, id))) throw apiKeyNotFound();
	}

	/** Finds one of the caller's own; another's is not found. */
	async find(auth: Auth, id: string): Promise<ApiKeyRow> {
		const row = await this.#store.apiKeys.find(auth.user.id, id);
		if (!row) throw apiKeyNotFound();
		return row;
	}
}

/** A session may grant everything; a key what it holds itself. */
const mayGrant = ({ credential }: Auth, wanted: readonly string[]): boolean =>
	credential.kind === 'session' || wanted.every((permission) => grants(credential.permissions, permission));

const ownExpiry = ({ credential }: Auth): Date | null => (credential.kind === 'session' ? null : credential.expiresAt);

/** A session may make keys for any time; a key for no longer than it lives itself. */
const mayOutlive = (auth: Auth, wanted: Date | null): boolean => {
	const end = ownExpiry(auth);
	return end === null || (wanted !== null && wanted <= end);
};

const withSecret = (row: ApiKeyRow, secret: string): ApiKeyWithSecret => {
	const apiKey = toApiKeyDto(row);
	return { ...apiKey, secret, apiKey };
};
