import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { ApiKey, ApiKeyCreateDto, ApiKeyUpdateDto, ApiKeyWithSecret } from '#lib/contract/api-keys/api-key.ts';
import type { RecordedChanges } from '#lib/contract/audit/audit.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { grants } from '#lib/server/platform/caller/authorize.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import {
	apiKeyNotFound,
	notByApiKey,
	outliving,
	tooManyApiKeys,
	ungrantable,
	unrotatable
} from '#lib/server/platform/errors.ts';
import type { ApiKeyChanges, ApiKeyRow, StoredSecret } from './api-key.repository.ts';
import type { Repositories, Store } from '#lib/server/app/store.ts';
import { toApiKeyDto } from './api-key-dto.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import { endedChanges, entryOf } from '#lib/server/features/audit/index.ts';
import { requireLive } from '#lib/server/features/access/index.ts';

const unnamed = 'API Key';
const shownCharacters = 4;
/** How many keys one user may have. */
export const mostApiKeys = 500;

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

	/** Creates a key and notifies its owner. One that a key creates ends with that key. */
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
			await audit.record(entryOf(auth, { action: 'apiKey.create', object: objectOf(made), changes: grantOf(made) }));
			await notifications.create(auth.user.id, notices.apiKeyCreated);
			return made;
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
				await audit.record(entryOf(auth, { action: 'apiKey.update', object: objectOf(current), changes: recorded }));
			if (isRegranted || !isWithin(current.expiresAt, changed.expiresAt))
				await notifications.create(auth.user.id, notices.apiKeyWidened);
			return changed;
		});
	}

	/** Replaces the secret. The old one ends, and so do the keys that were created with it. */
	async rotate(auth: Auth, id: string): Promise<ApiKeyWithSecret> {
		const current = await this.find(auth, id);
		if (!mayGrant(auth, current.permissions) || !mayOutlive(auth, current.expiresAt)) throw unrotatable();
		const secret = newSecret();
		const row = await this.#transaction(auth, async ({ apiKeys, audit, notifications }) => {
			const rotated = await apiKeys.update(auth.user.id, id, { secret: toStored(secret) });
			if (!rotated) throw apiKeyNotFound();
			const changes = endedChanges({ apiKeysEnded: await apiKeys.deleteChildren(id) });
			await audit.record(entryOf(auth, { action: 'apiKey.rotate', object: objectOf(rotated), changes }));
			await notifications.create(auth.user.id, notices.apiKeyRotated);
			return rotated;
		});
		return withSecret(row, secret);
	}

	async delete(auth: Auth, id: string): Promise<void> {
		const current = await this.find(auth, id);
		await this.#transaction(auth, async ({ apiKeys, audit }) => {
			// A trigger ends those that it created.
			const changes = endedChanges({ apiKeysEnded: await apiKeys.countChildren(id) });
			if (!(await apiKeys.delete(auth.user.id, id))) throw apiKeyNotFound();
			await audit.record(entryOf(auth, { action: 'apiKey.delete', object: objectOf(current), changes }));
		});
	}

	/** Changes nothing by a credential that has ended meanwhile. */
	#transaction<Result>(auth: Auth, change: (repositories: Repositories) => Promise<Result>): Promise<Result> {
		return this.#store.transaction(async (repositories) => {
			await repositories.users.lock(auth.user.id);
			await requireLive(repositories, auth);
			return change(repositories);
		});
	}

	/** Finds one of the caller's own; another's is not found. */
	async find(auth: Auth, id: string): Promise<ApiKeyRow> {
		const row = await this.#store.apiKeys.find(auth.user.id, id);
		if (!row) throw apiKeyNotFound();
		return row;
	}
}

const objectOf = ({ id, name }: ApiKeyRow) => ({ kind: 'apiKey', id, label: name }) as const;

const momentOf = (date: Date | null) => date?.toISOString() ?? null;

/** Tells what a new key may do, and until when. */
const grantOf = ({ permissions, expiresAt }: ApiKeyRow): RecordedChanges => ({
	permissions: { from: null, to: [...permissions] },
	...(expiresAt && { expiresAt: { from: null, to: momentOf(expiresAt) } })
});

/** Tells what has changed of a key: name, permissions and end, never the secret; null where nothing has. */
function keyChanges(before: ApiKeyRow, after: ApiKeyRow): RecordedChanges | null {
	const isRenamed = before.name !== after.name;
	const isRegranted = !isDeepStrictEqual(before.permissions, after.permissions);
	const [from, to] = [momentOf(before.expiresAt), momentOf(after.expiresAt)];
	if (!isRenamed && !isRegranted && from === to) return null;
	return {
		...(from !== to && { expiresAt: { from, to } }),
		...(isRenamed && { name: { from: before.name, to: after.name } }),
		...(isRegranted && { permissions: { from: [...before.permissions], to: [...after.permissions] } })
	};
}

/** A session may grant everything; a key what it holds itself. */
const mayGrant = ({ credential }: Auth, wanted: readonly string[]): boolean =>
	credential.kind === 'session' ||
	(credential.kind === 'apiKey' && wanted.every((permission) => grants(credential.permissions, permission)));

const ownExpiry = ({ credential }: Auth): Date | null => (credential.kind === 'apiKey' ? credential.expiresAt : null);

/** A session may make keys for any time; a key for no longer than it lives itself. */
const mayOutlive = (auth: Auth, wanted: Date | null): boolean => {
	return isWithin(ownExpiry(auth), wanted);
};

const isWithin = (end: Date | null, wanted: Date | null): boolean => end === null || (wanted !== null && wanted <= end);

const withSecret = (row: ApiKeyRow, secret: string): ApiKeyWithSecret => {
	const apiKey = toApiKeyDto(row);
	return { ...apiKey, secret, apiKey };
};
