import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { ApiKey, ApiKeyCreateDto, ApiKeyUpdateDto, ApiKeyWithSecret } from '#lib/contract/api-keys/api-key.ts';
import type { RecordedChanges } from '#lib/contract/audit/audit.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { grants } from '#lib/server/platform/caller/authorize.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import { apiKeyNotFound, notByApiKey, outliving, tooManyApiKeys, ungrantable, unrotatable } from './errors.ts';
import type { ApiKeyChanges, ApiKeyRow, StoredSecret } from './api-key.repository.ts';
import type { ApiKeyStore, ApiKeyTransaction } from './repositories.ts';
import { toApiKeyDto } from './api-key-dto.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import { endedChanges, buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { requireLive } from '#lib/server/features/access/index.ts';

const unnamed = 'API Key';
const shownCharacters = 4;
/** The maximum number of keys per user. */
export const mostApiKeys = 500;

/**
 * Creates a secret as Immich does: 32 random bytes in base64 without special characters.
 * Source: docs/wire-reference/credentials.md#api-key-secrets.
 */
const newSecret = (): string => randomBytes(32).toString('base64').replace(/\W/g, '');

const toStored = (secret: string): StoredSecret => ({
	keyHash: hashSecret(secret),
	prefix: secret.slice(0, shownCharacters),
	lastFour: secret.slice(-shownCharacters)
});

/** The caller's own API keys. A key can't create or change a key that has more permissions or lives longer than itself. */
export class ApiKeyService {
	readonly #store: ApiKeyStore;

	constructor(store: ApiKeyStore) {
		this.#store = store;
	}

	/** Lists the caller's own keys, newest first. */
	async list(auth: Auth): Promise<ApiKey[]> {
		return (await this.#store.apiKeys.listByUser(auth.user.id)).map(toApiKeyDto);
	}

	/**
	 * Returns one of the caller's own keys, without its secret.
	 * @throws {AppError} 400 if there is no such key
	 */
	async get(auth: Auth, id: string): Promise<ApiKey> {
		return toApiKeyDto(await this.find(auth, id));
	}

	/**
	 * Returns the calling key.
	 * @throws {AppError} 403 if the caller has a session
	 */
	async getCalling(auth: Auth): Promise<ApiKey> {
		if (auth.credential.kind !== 'apiKey') throw notByApiKey();
		return this.get(auth, auth.credential.keyId);
	}

	/**
	 * Creates a key and notifies its owner. A key created by another key ends with that key.
	 * @throws {AppError} 400 if a calling key lacks a permission or would be outlived, or if the user has too many keys
	 */
	async create(
		auth: Auth,
		dto: z.output<typeof ApiKeyCreateDto>,
		expiresAt: Date | null = null
	): Promise<ApiKeyWithSecret & { expiresAt: string | null }> {
		if (!mayGrant(auth, dto.permissions)) throw ungrantable();
		const secret = newSecret();
		const row = await this.#transaction(auth, async ({ apiKeys, audit, notifications }) => {
			if ((await apiKeys.countByUser(auth.user.id)) >= mostApiKeys) throw tooManyApiKeys(mostApiKeys);
			const made = await apiKeys.create({
				userId: auth.user.id,
				name: dto.name || unnamed,
				secret: toStored(secret),
				permissions: dto.permissions,
				expiresAt: mayOutlive(auth, expiresAt) ? expiresAt : ownExpiry(auth),
				parentId: auth.credential.kind === 'apiKey' ? auth.credential.keyId : null
			});
			await audit.record(
				buildAuditEntry(auth, { action: 'apiKey.create', object: toAuditObject(made), changes: toRecordedFields(made) })
			);
			await notifications.create(auth.user.id, notices.apiKeyCreated);
			return made;
		});
		return { ...withSecret(row, secret), expiresAt: row.expiresAt?.toISOString() ?? null };
	}

	/**
	 * Renames a key or replaces its permissions.
	 * @throws {AppError} 400 as `change`
	 */
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

	/**
	 * Updates the given fields of a key; writes nothing if none are given.
	 * @throws {AppError} 400 if there is no such key, or if a calling key lacks a permission or would be outlived
	 */
	async change(
		auth: Auth,
		current: ApiKeyRow,
		changes: Pick<ApiKeyChanges, 'name' | 'permissions' | 'expiresAt'>
	): Promise<ApiKeyRow> {
		// A key must not be able to change, or even rename, a key with more permissions than its own.
		if (!mayGrant(auth, [...current.permissions, ...(changes.permissions ?? [])])) throw ungrantable();
		const isRegranted = changes.permissions?.some((permission) => !grants(current.permissions, permission)) ?? false;
		const end = changes.expiresAt === undefined ? current.expiresAt : changes.expiresAt;
		if ((changes.expiresAt !== undefined || isRegranted) && !mayOutlive(auth, end)) throw outliving();
		if (Object.keys(changes).length === 0) return current;
		return this.#transaction(auth, async ({ apiKeys, audit, notifications }) => {
			const parent = changes.expiresAt === undefined ? null : await apiKeys.findParent(current.id);
			if (parent && !isWithin(parent.expiresAt, end)) throw outliving();
			const changed = await apiKeys.update(auth.user.id, current.id, changes);
			if (!changed) throw apiKeyNotFound();
			await apiKeys.narrowChildren(current.id, changes);
			const recorded = keyChanges(current, changed);
			if (recorded)
				await audit.record(
					buildAuditEntry(auth, { action: 'apiKey.update', object: toAuditObject(current), changes: recorded })
				);
			if (isRegranted || !isWithin(current.expiresAt, changed.expiresAt))
				await notifications.create(auth.user.id, notices.apiKeyWidened);
			return changed;
		});
	}

	/**
	 * Replaces the secret. The old one stops working, and the keys created with it are deleted.
	 * @throws {AppError} 400 if there is no such key, or if a calling key lacks one of its permissions
	 */
	async rotate(auth: Auth, id: string): Promise<ApiKeyWithSecret> {
		const current = await this.find(auth, id);
		if (!mayGrant(auth, current.permissions) || !mayOutlive(auth, current.expiresAt)) throw unrotatable();
		const secret = newSecret();
		const row = await this.#transaction(auth, async ({ apiKeys, audit, notifications }) => {
			const rotated = await apiKeys.update(auth.user.id, id, { secret: toStored(secret) });
			if (!rotated) throw apiKeyNotFound();
			const changes = endedChanges({ apiKeysEnded: await apiKeys.deleteChildren(id) });
			await audit.record(buildAuditEntry(auth, { action: 'apiKey.rotate', object: toAuditObject(rotated), changes }));
			await notifications.create(auth.user.id, notices.apiKeyRotated);
			return rotated;
		});
		return withSecret(row, secret);
	}

	/**
	 * Deletes one of the caller's own keys, and those created with it.
	 * @throws {AppError} 400 if there is no such key
	 */
	async delete(auth: Auth, id: string): Promise<void> {
		const current = await this.find(auth, id);
		await this.#transaction(auth, async ({ apiKeys, audit }) => {
			// A trigger deletes the keys created by this one.
			const changes = endedChanges({ apiKeysEnded: await apiKeys.countChildren(id) });
			if (!(await apiKeys.delete(auth.user.id, id))) throw apiKeyNotFound();
			await audit.record(buildAuditEntry(auth, { action: 'apiKey.delete', object: toAuditObject(current), changes }));
		});
	}

	/** Makes no change if the credential has ended meanwhile. */
	#transaction<Result>(auth: Auth, change: (repositories: ApiKeyTransaction) => Promise<Result>): Promise<Result> {
		return this.#store.transaction(async (repositories) => {
			await repositories.users.lock(auth.user.id);
			await requireLive(repositories, auth);
			return change(repositories);
		});
	}

	/**
	 * Finds one of the caller's own keys.
	 * @throws {AppError} 400 for an unknown key or another user's
	 */
	async find(auth: Auth, id: string): Promise<ApiKeyRow> {
		const row = await this.#store.apiKeys.find(auth.user.id, id);
		if (!row) throw apiKeyNotFound();
		return row;
	}
}

const toAuditObject = ({ id, name }: ApiKeyRow) => ({ kind: 'apiKey', id, label: name }) as const;

const toIsoString = (date: Date | null) => date?.toISOString() ?? null;

/** The permissions and expiry of a new key. */
const toRecordedFields = ({ permissions, expiresAt }: ApiKeyRow): RecordedChanges => ({
	permissions: { from: null, to: [...permissions] },
	...(expiresAt && { expiresAt: { from: null, to: toIsoString(expiresAt) } })
});

/** Returns what has changed: name, permissions and expiry, never the secret; null if nothing has. */
function keyChanges(before: ApiKeyRow, after: ApiKeyRow): RecordedChanges | null {
	const isRenamed = before.name !== after.name;
	const isRegranted = !isDeepStrictEqual(before.permissions, after.permissions);
	const [from, to] = [toIsoString(before.expiresAt), toIsoString(after.expiresAt)];
	if (!isRenamed && !isRegranted && from === to) return null;
	return {
		...(from !== to && { expiresAt: { from, to } }),
		...(isRenamed && { name: { from: before.name, to: after.name } }),
		...(isRegranted && { permissions: { from: [...before.permissions], to: [...after.permissions] } })
	};
}

/** A session can grant everything, a key only what it has itself. */
const mayGrant = ({ credential }: Auth, wanted: readonly string[]): boolean =>
	credential.kind === 'session' ||
	(credential.kind === 'apiKey' && wanted.every((permission) => grants(credential.permissions, permission)));

const ownExpiry = ({ credential }: Auth): Date | null => (credential.kind === 'apiKey' ? credential.expiresAt : null);

/** A session can create keys with any expiry, a key only up to its own. */
const mayOutlive = (auth: Auth, wanted: Date | null): boolean => {
	return isWithin(ownExpiry(auth), wanted);
};

const isWithin = (end: Date | null, wanted: Date | null): boolean => end === null || (wanted !== null && wanted <= end);

const withSecret = (row: ApiKeyRow, secret: string): ApiKeyWithSecret => {
	const apiKey = toApiKeyDto(row);
	return { ...apiKey, secret, apiKey };
};
