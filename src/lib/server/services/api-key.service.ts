import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { ApiKey, ApiKeyCreateDto, ApiKeyUpdateDto, ApiKeyWithSecret } from '#lib/contract/api-key.ts';
import type { RecordedChanges } from '#lib/contract/audit.ts';
import { permissions, type Permission } from '#lib/contract/permission.ts';
import type { Auth } from '../auth/auth.ts';
import { grants } from '../auth/authorize.ts';
import { hashSecret } from '../auth/tokens.ts';
import { apiKeyNotFound, notByApiKey, ungrantable, unrotatable } from '../errors.ts';
import type { ApiKeyRow } from '../repositories/api-key.repository.ts';
import type { Store } from '../repositories/store.ts';
import { entryOf } from './audit-entry.ts';

const unnamed = 'API Key';
const known = new Set<string>(permissions);
const isPermission = (value: string): value is Permission => known.has(value);

/** Makes a secret as Immich does: 32 random bytes in base64 without its signs. Source: wire reference 2.4, 2.6. */
const newSecret = (): string => randomBytes(32).toString('base64').replace(/\W/g, '');

/** One's own API keys. A key handles no key that may more than itself. */
export class ApiKeyService {
	readonly #store: Store;

	constructor(store: Store) {
		this.#store = store;
	}

	async list(auth: Auth): Promise<ApiKey[]> {
		return (await this.#store.apiKeys.listByUser(auth.user.id)).map(toDto);
	}

	async get(auth: Auth, id: string): Promise<ApiKey> {
		return toDto(await this.#find(auth, id));
	}

	/** Reads the key that the call is made with. */
	async getCalling(auth: Auth): Promise<ApiKey> {
		if (auth.credential.kind !== 'apiKey') throw notByApiKey();
		return this.get(auth, auth.credential.keyId);
	}

	async create(auth: Auth, dto: z.output<typeof ApiKeyCreateDto>): Promise<ApiKeyWithSecret> {
		if (!mayGrant(auth, dto.permissions)) throw ungrantable();
		const secret = newSecret();
		const row = await this.#store.transaction(async ({ apiKeys, audit }) => {
			const made = await apiKeys.create({
				userId: auth.user.id,
				name: dto.name || unnamed,
				keyHash: hashSecret(secret),
				permissions: dto.permissions
			});
			const changes = { permissions: { from: null, to: [...made.permissions] } };
			await audit.record(entryOf(auth, { action: 'apiKey.create', object: objectOf(made), changes }));
			return made;
		});
		return withSecret(row, secret);
	}

	async update(
		auth: Auth,
		id: string,
		{ name, permissions: wanted }: z.output<typeof ApiKeyUpdateDto>
	): Promise<ApiKey> {
		const current = await this.#find(auth, id);
		// Renaming a key that may more is no way to it, but taking it over by what it is called would be.
		if (!mayGrant(auth, [...current.permissions, ...(wanted ?? [])])) throw ungrantable();
		const changes = {
			...(name === undefined ? {} : { name }),
			...(wanted === undefined ? {} : { permissions: wanted })
		};
		if (Object.keys(changes).length === 0) return toDto(current);
		const row = await this.#store.transaction(async ({ apiKeys, audit }) => {
			const changed = await apiKeys.update(auth.user.id, id, changes);
			if (!changed) throw apiKeyNotFound();
			const recorded = keyChanges(current, changed);
			if (recorded)
				await audit.record(entryOf(auth, { action: 'apiKey.update', object: objectOf(current), changes: recorded }));
			return changed;
		});
		return toDto(row);
	}

	/** Replaces the secret; the old one ends at once. */
	async rotate(auth: Auth, id: string): Promise<ApiKeyWithSecret> {
		if (!mayGrant(auth, (await this.#find(auth, id)).permissions)) throw unrotatable();
		const secret = newSecret();
		const row = await this.#store.transaction(async ({ apiKeys, audit }) => {
			const rotated = await apiKeys.update(auth.user.id, id, { keyHash: hashSecret(secret) });
			if (!rotated) throw apiKeyNotFound();
			await audit.record(entryOf(auth, { action: 'apiKey.rotate', object: objectOf(rotated) }));
			return rotated;
		});
		return withSecret(row, secret);
	}

	async delete(auth: Auth, id: string): Promise<void> {
		const current = await this.#find(auth, id);
		await this.#store.transaction(async ({ apiKeys, audit }) => {
			if (!(await apiKeys.delete(auth.user.id, id))) throw apiKeyNotFound();
			await audit.record(entryOf(auth, { action: 'apiKey.delete', object: objectOf(current) }));
		});
	}

	async #find(auth: Auth, id: string): Promise<ApiKeyRow> {
		const row = await this.#store.apiKeys.find(auth.user.id, id);
		if (!row) throw apiKeyNotFound();
		return row;
	}
}

const objectOf = ({ id, name }: ApiKeyRow) => ({ kind: 'apiKey', id, label: name }) as const;

/** Tells what has changed of a key: name and permissions, never the secret; null where nothing has. */
function keyChanges(before: ApiKeyRow, after: ApiKeyRow): RecordedChanges | null {
	const isRenamed = before.name !== after.name;
	const isRegranted = !isDeepStrictEqual(before.permissions, after.permissions);
	if (!isRenamed && !isRegranted) return null;
	return {
		...(isRenamed && { name: { from: before.name, to: after.name } }),
		...(isRegranted && { permissions: { from: [...before.permissions], to: [...after.permissions] } })
	};
}

/** A session may grant everything; a key what it holds itself. */
const mayGrant = ({ credential }: Auth, wanted: readonly string[]): boolean =>
	credential.kind === 'session' || wanted.every((permission) => grants(credential.permissions, permission));

const toDto = ({ createdAt, updatedAt, permissions: held, ...row }: ApiKeyRow): ApiKey => ({
	...row,
	// What only we know would make official clients refuse the whole answer.
	permissions: held.filter(isPermission),
	createdAt: createdAt.toISOString(),
	updatedAt: updatedAt.toISOString()
});

const withSecret = (row: ApiKeyRow, secret: string): ApiKeyWithSecret => {
	const apiKey = toDto(row);
	return { ...apiKey, secret, apiKey };
};
