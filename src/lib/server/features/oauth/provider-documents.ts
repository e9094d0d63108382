import type { DiscoveryRequestOptions, ServerMetadata } from 'openid-client';
import { z } from 'zod';
import { discoveryFailed } from './errors.ts';
import { toDocumentUrl } from './issuer.ts';
import { loadOpenIdClient, type OpenIdClient } from './load-openid-client.ts';
import { providerFailure } from './provider-failure.ts';
import { fetchFor } from './provider-fetch.ts';
import { requireOwnMetadata } from './provider-metadata.ts';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';
import { ExpiringCache } from './expiring-cache.ts';

const maxAgeMs = 5 * 60 * 1_000;
const refillMs = 10 * 1_000;

/** The discovery documents of providers. */
export class ProviderDocuments {
	readonly #metadata = new ExpiringCache<ServerMetadata>({ maxAgeMs, refillMs });

	/**
	 * Returns a provider's metadata, cached for five minutes.
	 * @throws {AppError} 500 if it can't be fetched
	 */
	get(provider: OAuthProvider): Promise<ServerMetadata> {
		return this.#metadata.get(toCacheKey(provider), () => read(provider));
	}

	/**
	 * Fetches it again.
	 * @throws {AppError} 500 if it can't be fetched
	 */
	refresh(provider: OAuthProvider): Promise<ServerMetadata> {
		return this.#metadata.replace(toCacheKey(provider), () => read(provider));
	}

	/** Clears the cache, because providers may have changed. */
	forget(): void {
		this.#metadata.clear();
	}
}

/** All settings that determine which document is read and whether it is accepted. */
const toCacheKey = ({
	id,
	issuerUrl,
	expectedIssuer,
	allowInsecureRequests: isHttpAllowed,
	timeout
}: OAuthProvider): string => JSON.stringify([id, issuerUrl, expectedIssuer, isHttpAllowed, timeout]);

async function read(provider: OAuthProvider): Promise<ServerMetadata> {
	try {
		const metadata = await fetchMetadata(provider);
		requireOwnMetadata(provider, metadata);
		return metadata;
	} catch (error) {
		const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
		throw discoveryFailed(reason, providerFailure(error));
	}
}

async function fetchMetadata(provider: OAuthProvider): Promise<ServerMetadata> {
	const openId = await loadOpenIdClient();
	const { discovery, None } = openId;
	const { issuerUrl, expectedIssuer } = provider;
	const options: DiscoveryRequestOptions = {
		[openId.customFetch]: fetchFor(provider),
		timeout: Math.ceil(provider.timeout / 1_000),
		// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated only as a warning; an admin enabled it
		execute: provider.allowInsecureRequests ? [openId.allowInsecureRequests] : []
	};
	const url = new URL(expectedIssuer === '' ? issuerUrl : toDocumentUrl(issuerUrl));
	try {
		const found = await discovery(url, provider.clientId, undefined, None(), options);
		return structuredClone({ ...found.serverMetadata() });
	} catch (error) {
		const document = getMismatchDocument(error, openId);
		if (document === null) throw error;
		return document;
	}
}

const isDocument = (value: unknown): boolean =>
	typeof value === 'object' && value !== null && 'issuer' in value && typeof value.issuer === 'string';

const Mismatch = z.object({
	code: z.literal('OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'),
	cause: z.object({ body: z.custom<ServerMetadata>(isDocument) })
});

/** openid-client compares issuers more strictly than needed, and attaches the document to its error. */
function getMismatchDocument(error: unknown, { ClientError }: OpenIdClient): ServerMetadata | null {
	const found = error instanceof ClientError ? Mismatch.safeParse({ code: error.code, cause: error.cause }) : null;
	return found?.success ? structuredClone(found.data.cause.body) : null;
}
