import { dayMs } from '#lib/contract/day.ts';
import type { z } from 'zod';
import { firstProviderId, type OAuthCallbackDto, type OAuthConfigDto } from '#lib/contract/oauth/oauth.ts';
import type { ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import {
	type OAuthProvider,
	listProviders,
	type SettingsKey,
	type SettingsReader
} from '#lib/server/features/settings/index.ts';
import {
	codeChallengeUsed,
	oauthDisabled,
	oauthRedirectInvalid,
	oauthStateMissing,
	oauthVerifierMissing
} from './errors.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import { FlowFailure, newFlowSecrets, providerAt, redirectUriFor, toCodeChallenge, toFlowKey } from './flow.ts';
import type { FlowLimit } from './flow-limit.ts';
import type { ProviderClient, VerifiedProfile } from './provider-client.ts';
import { claimedIssuer, providerFailure } from './provider-failure.ts';
import type { FlowKind, OAuthFlow } from './oauth-flow.repository.ts';
import type { OAuthStore } from './repositories.ts';
import type { IssuerClaims } from './issuer-claims.ts';

interface Dependencies {
	readonly store: OAuthStore;
	readonly settings: SettingsReader;
	readonly client: ProviderClient;
	readonly key: SettingsKey;
	readonly limit: FlowLimit;
	readonly issuers: IssuerClaims;
}

/** The provider's URL, and what the browser keeps until it returns. */
export interface BegunFlow {
	readonly url: string;
	readonly state: string;
	/** Null if the client has its own. */
	readonly codeVerifier: string | null;
}

/** A user has returned from a provider, and all claims have been verified. */
export interface FinishedFlow {
	readonly kind: FlowKind;
	readonly provider: OAuthProvider;
	readonly verified: VerifiedProfile;
}

/** Which flows can be finished, and by which user. */
interface Expected {
	readonly kinds: readonly FlowKind[];
	readonly userId: string | null;
}

const flowMs = 10 * 60 * 1_000;
/** Longer than a flow, so that a leaked verifier can't be used by repeating the challenge. */
const challengeMs = dayMs;

/** Starts flows and finishes each at most once: docs/decisions/021. */
export class OAuthFlowService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Lists the providers shown as sign-in buttons. */
	providers(): readonly OAuthProvider[] {
		return listProviders(this.#deps.settings.current);
	}

	/**
	 * Starts a flow. With `userId` it can only link that user; with `tested`, it can only show that user what the
	 * provider returns.
	 * @throws {AppError} 400 if OAuth is off or the request is invalid, 429 above the limit, 500 if the provider can't
	 * be reached
	 */
	async begin(
		dto: z.output<typeof OAuthConfigDto>,
		{ address }: Pick<ClientInfo, 'address'>,
		userId: string | null = null,
		tested: OAuthProvider | null = null
	): Promise<BegunFlow> {
		const { store, client, key, limit } = this.#deps;
		const provider = tested ?? this.providers().find(({ id }) => id === (dto.providerId ?? firstProviderId));
		if (!provider) throw oauthDisabled();
		const redirectUri = redirectUriFor(provider, dto.redirectUri);
		if (redirectUri === null) throw oauthRedirectInvalid();
		await limit.count(address);
		const made = await newFlowSecrets();
		const state = dto.state ?? made.state;
		const codeChallenge = dto.codeChallenge ?? toCodeChallenge(made.codeVerifier);
		const nonce = client.newNonce();
		if (tested) await client.rediscover(tested);
		const url = await client.authorizationUrl(provider, { redirectUri, state, nonce, codeChallenge });
		const flow: OAuthFlow = {
			key: toFlowKey(state, codeChallenge),
			kind: tested ? 'try' : userId === null ? 'signIn' : 'link',
			providerId: provider.id,
			nonce,
			redirectUri,
			userId,
			snapshot: tested && (await key.seal(JSON.stringify(tested))),
			expiresAt: new Date(Date.now() + flowMs)
		};
		const challenge = { hash: hashSecret(codeChallenge), expiresAt: new Date(Date.now() + challengeMs) };
		if (!(await store.oauthFlows.begin(flow, challenge))) throw codeChallengeUsed();
		return { url, state, codeVerifier: dto.codeChallenge === undefined ? made.codeVerifier : null };
	}

	/**
	 * Finishes a flow with the provider's response. This uses the flow up, even if it fails.
	 * @throws {AppError} 400 if OAuth is off or something is missing, 500 if the provider can't be reached
	 * @throws {FlowFailure} if the flow doesn't exist or belongs to another redirect URI
	 * @throws {ProviderFailure} if the provider's response is invalid
	 */
	async finish(dto: z.output<typeof OAuthCallbackDto>, expected: Expected): Promise<FinishedFlow> {
		const { url, state, codeVerifier } = dto;
		if (!state) throw oauthStateMissing();
		if (!codeVerifier) throw oauthVerifierMissing();
		await this.#requireReachable(url, expected);
		const flow = await this.#deps.store.oauthFlows.take(toFlowKey(state, toCodeChallenge(codeVerifier)));
		if (!flow) throw new FlowFailure('The flow was never started, or it has ended');
		refuseOther(flow, expected);
		if (providerAt(url) !== flow.providerId)
			throw new FlowFailure('The answer arrived at the redirect URI of another provider');
		const provider = await this.#findProvider(flow);
		if (!provider) throw oauthDisabled();
		const { redirectUri, nonce } = flow;
		const answer = { parameters: parseQuery(url), redirectUri, state, nonce, codeVerifier };
		const verified = await this.#deps.client.exchange(provider, answer);
		if (await this.#deps.issuers.isOfOther(provider, verified.issuer)) throw providerFailure(new Error(claimedIssuer));
		return { kind: flow.kind, provider, verified };
	}

	/**
	 * Immich reads the discovery document first, and its error message is what clients get.
	 * @throws {AppError} 500 if it can't be fetched
	 */
	async #requireReachable(url: string, { kinds }: Expected): Promise<void> {
		// When settings are tested, the provider may be unreachable with the saved ones.
		if (kinds.includes('try')) return;
		const provider = this.providers().find(({ id }) => id === providerAt(url));
		if (provider) await this.#deps.client.discover(provider);
	}

	/** Returns the kind of the flow that a browser returned from; null if it is over. */
	async findKind({ state, codeVerifier }: z.output<typeof OAuthCallbackDto>): Promise<FlowKind | null> {
		if (!state || !codeVerifier) return null;
		return this.#deps.store.oauthFlows.findKind(toFlowKey(state, toCodeChallenge(codeVerifier)));
	}

	async #findProvider({ providerId, snapshot }: OAuthFlow): Promise<OAuthProvider | undefined> {
		if (snapshot === null) return this.providers().find(({ id }) => id === providerId);
		const text = await this.#deps.key.open(snapshot);
		// Only this service encrypts snapshots, so the type is safe.
		return text === null ? undefined : (JSON.parse(text) as OAuthProvider);
	}
}

function refuseOther({ kind, userId }: OAuthFlow, expected: Expected): void {
	if (!expected.kinds.includes(kind)) throw new FlowFailure('The flow was started for something else');
	if (kind !== 'signIn' && userId !== expected.userId) throw new FlowFailure('The flow was started for another user');
}

/** Parses the query of a URL with any scheme. */
function parseQuery(url: string): URLSearchParams {
	const [address = ''] = url.split('#');
	const at = address.indexOf('?');
	return new URLSearchParams(at === -1 ? '' : address.slice(at + 1));
}
