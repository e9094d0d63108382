import { LRUCache } from 'lru-cache';
import type { ApiKeyIdentity } from '#lib/server/features/api-keys/index.ts';
import type { SessionIdentity } from '#lib/server/features/sessions/index.ts';
import type { IdentityRepositories } from './repositories.ts';
import type { UserRow } from '#lib/server/features/users/index.ts';

/** Entries per kind; about a kilobyte each. */
const maxCached = 10_000;
/** Upper bound, because changes made without triggers, as by a restore, don't reach the change feed. */
const cachedMs = 30_000;

/** A cached value of a user, and the change count when it was read. */
interface CachedIdentity<Value> {
	readonly userId: string;
	readonly value: Value;
	readonly since: number;
	readonly askedAtMs: number;
}

/** Whether the change feed is connected. Nothing may be cached without it. */
interface Feed {
	readonly isLive: boolean;
}

/**
 * Looks up who a credential belongs to, and caches it until something about that user changes, for at most 30 seconds.
 * Time-dependent checks such as expiry are left to callers. Source: docs/decisions/015.
 */
export class IdentityCache {
	readonly #repositories: IdentityRepositories;
	readonly #feed: Feed;
	readonly #sessions = new LRUCache<string, CachedIdentity<SessionIdentity>>({ max: maxCached });
	readonly #apiKeys = new LRUCache<string, CachedIdentity<ApiKeyIdentity>>({ max: maxCached });
	/** A token hash always belongs to the same session; whether that session still exists is checked elsewhere. */
	readonly #sessionIds = new LRUCache<string, string>({ max: maxCached });
	readonly #users = new LRUCache<string, CachedIdentity<UserRow>>({ max: maxCached });
	readonly #nowMs: () => number;
	/** Changes are numbered as they arrive: the last one of each user, and the last one of all users. */
	readonly #changedAt = new Map<string, number>();
	#allChangedAt = 0;
	#changeCount = 0;

	constructor(repositories: IdentityRepositories, feed: Feed, nowMs = () => performance.now()) {
		this.#repositories = repositories;
		this.#feed = feed;
		this.#nowMs = nowMs;
	}

	/** Clears the cache of one user, or of everyone if null. Results of lookups in progress aren't used later. */
	forget(userId: string | null): void {
		this.#changeCount++;
		if (userId !== null && this.#changedAt.size < maxCached) this.#changedAt.set(userId, this.#changeCount);
		else {
			this.#changedAt.clear();
			this.#allChangedAt = this.#changeCount;
		}
	}

	/** Finds a session, which may have expired, and its user; null if it was deleted or its user is. */
	session(id: string): Promise<SessionIdentity | null> {
		const find = () => this.#repositories.sessions.findIdentity(id);
		return this.#cache(this.#sessions, id, find, ({ userId }) => userId);
	}

	/** Finds the session of a token that doesn't contain the session's ID. */
	async findSessionId(tokenHash: Uint8Array): Promise<string | null> {
		const key = Buffer.from(tokenHash).toString('base64');
		const id = this.#sessionIds.get(key) ?? (await this.#repositories.sessions.findIdByToken(tokenHash));
		if (id !== null) this.#sessionIds.set(key, id);
		return id;
	}

	/** Finds an API key and its user by the SHA-256 hash of the secret; null if it has expired or the user is deleted. */
	apiKey(keyHash: Uint8Array): Promise<ApiKeyIdentity | null> {
		const find = () => this.#repositories.apiKeys.findIdentity(keyHash);
		const key = Buffer.from(keyHash).toString('base64');
		return this.#cache(this.#apiKeys, key, find, ({ userId }) => userId);
	}

	/** Finds a user who isn't deleted. */
	user(id: string): Promise<UserRow | null> {
		const find = () => this.#repositories.users.find(id);
		return this.#cache(this.#users, id, find, (user) => user.id);
	}

	async #cache<Value extends object>(
		remembered: LRUCache<string, CachedIdentity<Value>>,
		key: string,
		find: () => Promise<Value | null>,
		getUserId: (value: Value) => string
	): Promise<Value | null> {
		if (!this.#feed.isLive) return find();
		const known = remembered.get(key);
		if (known && this.#holds(known)) return known.value;
		const since = this.#changeCount;
		const askedAtMs = this.#nowMs();
		const value = await find();
		if (value) remembered.set(key, { userId: getUserId(value), value, since, askedAtMs });
		else remembered.delete(key);
		return value;
	}

	#holds({ userId, since, askedAtMs }: CachedIdentity<object>): boolean {
		if (this.#nowMs() - askedAtMs >= cachedMs) return false;
		return since >= this.#allChangedAt && since >= (this.#changedAt.get(userId) ?? 0);
	}
}
