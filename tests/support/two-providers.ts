import { expect } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { oauthProviderDefaults, type OAuthTrust } from '#lib/contract/settings/document/oauth-providers.ts';
import type { Api } from './api.ts';
import { HostileProvider } from './hostile-provider.ts';
import type { Reply } from './http.ts';
import { begin, configureOAuth } from './oauth.ts';
import { clientId, clientSecret } from './oidc.ts';

/** The first provider is `immich`, the second `club`. */
export type ProviderName = 'immich' | 'club';
type Claims = Readonly<Record<string, unknown>>;
type Started = Readonly<Record<ProviderName, HostileProvider>>;

/** A server with two providers that return whatever claims a test sets. */
export class TwoProviders {
	readonly #api: Api;
	readonly #providers: Started;

	private constructor(api: Api, providers: Started) {
		this.#api = api;
		this.#providers = providers;
	}

	static async start(api: Api): Promise<TwoProviders> {
		const [immich, club] = await Promise.all([HostileProvider.start(), HostileProvider.start()]);
		return new TwoProviders(api, { immich, club });
	}

	async close(): Promise<void> {
		await Promise.all(Object.values(this.#providers).map((provider) => provider.close()));
	}

	/** Enables both, with the same trust. */
	async configure(adminToken: string, trust: Partial<OAuthTrust> = {}): Promise<void> {
		await configureOAuth(this.#api, this.#providers.immich);
		const { oauth } = immichAuthConfigDefaults;
		const club = {
			...oauthProviderDefaults,
			...trust,
			enabled: true,
			issuerUrl: this.#providers.club.issuer,
			clientId,
			clientSecret,
			allowInsecureRequests: true
		};
		const body = {
			...immichAuthConfigDefaults,
			oauth: { ...oauth, first: { ...oauth.first, ...trust }, providers: { club } }
		};
		const reply = await this.#api.request('PUT', '/api/admin/auth-config', { token: adminToken, body });
		expect(reply.status, reply.text).toBe(200);
	}

	/** Goes to a provider and back, up to the callback request. */
	async comeBack(name: ProviderName, claims: Claims) {
		const provider = this.#providers[name];
		const { url, cookie } = await begin(this.#api, name === 'immich' ? {} : { providerId: name });
		provider.lies = {};
		provider.person = claims;
		return { body: { url: provider.comeBack(url) }, cookie };
	}

	async signIn(name: ProviderName, claims: Claims): Promise<Reply> {
		return this.#api.request('POST', '/api/oauth/callback', await this.comeBack(name, claims));
	}

	/** Signs in; fails the test if refused. */
	async enter(name: ProviderName, claims: Claims): Promise<{ userId: string; token: string }> {
		const reply = await this.signIn(name, claims);
		expect(reply.status, reply.text).toBe(201);
		const { userId, accessToken } = LoginResponseDto.parse(reply.body);
		return { userId, token: accessToken };
	}

	async link(name: ProviderName, claims: Claims, token: string): Promise<void> {
		const reply = await this.#api.request('POST', '/api/oauth/link', { ...(await this.comeBack(name, claims)), token });
		expect(reply.status, reply.text).toBe(200);
	}
}
