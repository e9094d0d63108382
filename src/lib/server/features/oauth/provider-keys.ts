import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { fetchFor } from './provider-fetch.ts';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';
import { ExpiringCache } from './expiring-cache.ts';

const maxAgeMs = 5 * 60 * 1_000;
const refillMs = 30 * 1_000;
const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** The keys that verify logout tokens. */
export class ProviderKeys {
	readonly #sets = new ExpiringCache<JSONWebKeySet>({ maxAgeMs, refillMs });

	/** Returns a provider’s signing keys, from the cache if they are recent. */
	get(provider: OAuthProvider, url: string): Promise<JSONWebKeySet> {
		return this.#sets.get(toCacheKey(provider, url), () => read(provider, url));
	}

	/** Fetches them again, in case they were rotated; returns the cached ones if that was done just now. */
	renew(provider: OAuthProvider, url: string): Promise<JSONWebKeySet> {
		return this.#sets.renew(toCacheKey(provider, url), () => read(provider, url));
	}

	/** Clears the cache, because providers may have changed. */
	forget(): void {
		this.#sets.clear();
	}
}

const toCacheKey = ({ id, allowInsecureRequests, timeout }: OAuthProvider, url: string): string =>
	JSON.stringify([id, url, allowInsecureRequests, timeout]);

async function read(provider: OAuthProvider, url: string): Promise<JSONWebKeySet> {
	const answer = await fetchFor(provider)(url, { body: null, method: 'GET', headers: {}, redirect: 'manual' });
	return KeySet.parse(await answer.json());
}
