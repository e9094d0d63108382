import type { z } from 'zod';
import { firstProviderId, type OAuthCallbackDto, type OAuthConfigDto } from '#lib/contract/oauth/oauth.ts';
import type { Origin } from '#lib/server/platform/caller/client-info.ts';
import {
	type OAuthProvider,
	providersOf,
	type SettingsKey,
	type SettingsReader
} from '#lib/server/features/settings/index.ts';
import {
	codeChallengeUsed,
	oauthDisabled,
	oauthRedirectInvalid,
	oauthStateMissing,
	oauthVerifierMissing
} from '#lib/server/platform/errors.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import { FlowFailure } from './flow-failure.ts';
import type { FlowLimit } from './flow-limit.ts';
import { challengeOf, flowKeyOf, newFlowSecrets } from './flow-secrets.ts';
import type { ProviderClient, VerifiedProfile } from './provider-client.ts';
import { claimedIssuer, providerFailure } from './provider-failure.ts';
import { providerAt, redirectUriFor } from './redirect-uri.ts';
import type { FlowKind, OAuthFlow } from './oauth-flow.repository.ts';
import type { Store } from '#lib/server/app/store.ts';
import type { IssuerClaims } from './issuer-claims.ts';

interface Dependencies {
	readonly store: Store;
	readonly settings: SettingsReader;
	readonly client: ProviderClient;
	readonly key: SettingsKey;
	readonly limit: FlowLimit;
	readonly issuers: IssuerClaims;
}

/** Where to go, and what the browser is to hold until it comes back. */
export interface BegunFlow {
	readonly url: string;
	readonly state: string;
	/** Null where the client holds one of its own. */
	readonly codeVerifier: string | null;
}

/** Somebody has come back from a provider, and all that it says of them has been verified. */
export interface FinishedFlow {
	readonly kind: FlowKind;
	readonly provider: OAuthProvider;
	readonly verified: VerifiedProfile;
}

/** Who may finish a flow that was begun for somebody. */
interface Expected {
	readonly kinds: readonly FlowKind[];
	readonly userId: string | null;
}

const flowMs = 10 * 60 * 1_000;
/** Longer than a flow: whoever has seen its verifier must not use the challenge again. */
const challengeMs = 24 * 60 * 60 * 1_000;

/** Leads to a provider, and takes what comes back once: docs/decisions/021. */
export class OAuthFlowService {
	readonly #with: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#with = dependencies;
	}

	/** Lists the providers that a button leads to. */
	providers(): readonly OAuthProvider[] {
		return providersOf(this.#with.settings.current);
	}

	/**
	 * Begins a flow; with a user it serves only to link that account, and with a provider to try as it is only to show that
	 * user what it says. Throws 400, 429 and 500.
	 */
	async begin(
		dto: z.output<typeof OAuthConfigDto>,
		{ address }: Pick<Origin, 'address'>,
		userId: string | null = null,
		tried: OAuthProvider | null = null
	): Promise<BegunFlow> {
		const { store, client, key, limit } = this.#with;
		const provider = tried ?? this.providers().find(({ id }) => id === (dto.providerId ?? firstProviderId));
		if (!provider) throw oauthDisabled();
		const redirectUri = redirectUriFor(provider, dto.redirectUri);
		if (redirectUri === null) throw oauthRedirectInvalid();
		await limit.count(address);
		const made = await newFlowSecrets();
		const state = dto.state ?? made.state;
		const codeChallenge = dto.codeChallenge ?? challengeOf(made.codeVerifier);
		const nonce = client.newNonce();
		if (tried) await client.rediscover(tried);
		const url = await client.authorizationUrl(provider, { redirectUri, state, nonce, codeChallenge });
		const flow: OAuthFlow = {
			key: flowKeyOf(state, codeChallenge),
			kind: tried ? 'try' : userId === null ? 'signIn' : 'link',
			providerId: provider.id,
			nonce,
			redirectUri,
			userId,
			snapshot: tried && (await key.seal(JSON.stringify(tried))),
			expiresAt: new Date(Date.now() + flowMs)
		};
		const challenge = { hash: hashSecret(codeChallenge), expiresAt: new Date(Date.now() + challengeMs) };
		if (!(await store.oauthFlows.begin(flow, challenge))) throw codeChallengeUsed();
		return { url, state, codeVerifier: dto.codeChallenge === undefined ? made.codeVerifier : null };
	}

	/**
	 * Finishes a flow by what the provider has put into the address. The flow is used up by that, whatever comes of it.
	 * Throws 400 where something is missing, and anything else where something is wrong.
	 */
	async finish(dto: z.output<typeof OAuthCallbackDto>, expected: Expected): Promise<FinishedFlow> {
		const { url, state, codeVerifier } = dto;
		if (!state) throw oauthStateMissing();
		if (!codeVerifier) throw oauthVerifierMissing();
		await this.#requireReachable(url, expected);
		const flow = await this.#with.store.oauthFlows.take(flowKeyOf(state, challengeOf(codeVerifier)));
		if (!flow) throw new FlowFailure('No such flow has been begun, or it is over');
		refuseOther(flow, expected);
		if (providerAt(url) !== flow.providerId)
			throw new FlowFailure('The answer arrived at the redirect URI of another provider');
		const provider = await this.#providerOf(flow);
		if (!provider) throw oauthDisabled();
		const { redirectUri, nonce } = flow;
		const answer = { parameters: queryOf(url), redirectUri, state, nonce, codeVerifier };
		const verified = await this.#with.client.exchange(provider, answer);
		if (await this.#with.issuers.isOfOther(provider, verified.issuer)) throw providerFailure(new Error(claimedIssuer));
		return { kind: flow.kind, provider, verified };
	}

	/** Immich reads the discovery document before anything else, and its message tells clients so. Throws 500. */
	async #requireReachable(url: string, { kinds }: Expected): Promise<void> {
		// A test of settings may be of a provider that cannot be reached as it is saved.
		if (kinds.includes('try')) return;
		const provider = this.providers().find(({ id }) => id === providerAt(url));
		if (provider) await this.#with.client.discover(provider);
	}

	/** Tells what a browser has come back from a provider for; null where that is over. */
	async kindOf({ state, codeVerifier }: z.output<typeof OAuthCallbackDto>): Promise<FlowKind | null> {
		if (!state || !codeVerifier) return null;
		return this.#with.store.oauthFlows.kindOf(flowKeyOf(state, challengeOf(codeVerifier)));
	}

	async #providerOf({ providerId, snapshot }: OAuthFlow): Promise<OAuthProvider | undefined> {
		if (snapshot === null) return this.providers().find(({ id }) => id === providerId);
		const text = await this.#with.key.open(snapshot);
		// Only this service seals it.
		return text === null ? undefined : (JSON.parse(text) as OAuthProvider);
	}
}

function refuseOther({ kind, userId }: OAuthFlow, expected: Expected): void {
	if (!expected.kinds.includes(kind)) throw new FlowFailure('The flow was begun for something else');
	if (kind !== 'signIn' && userId !== expected.userId) throw new FlowFailure('The flow was begun for somebody else');
}

/** Reads the query of an address, whatever its scheme is. */
function queryOf(url: string): URLSearchParams {
	const [address = ''] = url.split('#');
	const at = address.indexOf('?');
	return new URLSearchParams(at === -1 ? '' : address.slice(at + 1));
}
