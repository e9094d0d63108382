import {
	listAllProviders,
	type OAuthProvider,
	type Settings,
	type SettingsReader
} from '#lib/server/features/settings/index.ts';
import { isTemplate, isAnnouncedByDocument, maySpeakFor, namesIssuer } from './issuer.ts';
import type { ProviderClient } from './provider-client.ts';
import type { OAuthStore } from './repositories.ts';

interface Dependencies {
	readonly store: OAuthStore;
	readonly settings: SettingsReader;
	readonly client: ProviderClient;
}

/** How long saving waits for each discovery document. */
const saveMs = 5_000;

/** Ensures that no two providers use the same issuer, which keeps their identities apart: docs/decisions/023. */
export class IssuerClaims {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Whether an issuer that a provider uses belongs to another provider. */
	async isOfOther(
		provider: OAuthProvider,
		issuer: string,
		all = listAllProviders(this.#deps.settings.current)
	): Promise<boolean> {
		const { store, client } = this.#deps;
		if (namesIssuer(provider, issuer)) return false;
		if (!maySpeakFor(provider, issuer, all)) return true;
		if (await store.oauthIdentities.hasIssuerOfOther(provider.id, issuer)) return true;
		const others = all.filter((other) => other.id !== provider.id && other.enabled && isAnnouncedByDocument(other));
		const announced = await Promise.all(
			others.map((other) =>
				client.discover(other).then(
					(metadata) => metadata.issuer,
					() => null
				)
			)
		);
		return announced.includes(issuer);
	}

	/**
	 * Finds a provider that would use another provider's issuer after a change. A document that can't be read now is checked
	 * at each sign-in.
	 */
	async findClaim(before: Settings, after: Settings): Promise<OAuthProvider | null> {
		const all = listAllProviders(after);
		if (all.filter(({ issuerUrl }) => URL.canParse(issuerUrl)).length < 2) return null;
		const unchanged = new Set(listAllProviders(before).map(toCacheKey));
		const changed = all.filter((provider) => isAnnouncedByDocument(provider) && !unchanged.has(toCacheKey(provider)));
		const claims = await Promise.all(changed.map((provider) => this.#claims(provider, all)));
		return changed.find((_, index) => claims[index]) ?? null;
	}

	async #claims(provider: OAuthProvider, all: readonly OAuthProvider[]): Promise<boolean> {
		const quick = { ...provider, timeout: Math.min(provider.timeout, saveMs) };
		const issuer = await this.#deps.client.rediscover(quick).then(
			(metadata) => metadata.issuer,
			() => null
		);
		// The tenant of a template is known only at sign-in.
		return issuer !== null && !isTemplate(issuer) && (await this.isOfOther(provider, issuer, [...all]));
	}
}

/** The settings that determine a provider's issuer. */
const toCacheKey = ({ id, issuerUrl, expectedIssuer }: OAuthProvider): string =>
	JSON.stringify([id, issuerUrl, expectedIssuer]);
