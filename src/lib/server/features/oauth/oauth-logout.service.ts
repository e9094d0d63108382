import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import { getSessionId, type Auth } from '#lib/server/platform/caller/caller.ts';
import { toRecordedClientInfo, type ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import {
	listAllProviders,
	type OAuthProvider,
	listProviders,
	type SettingsKey,
	type SettingsReader
} from '#lib/server/features/settings/index.ts';
import { logoutTokenInvalid, logoutTokenWithoutSubject, logoutWhileDisabled } from './errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { mayIssue, maySpeakFor } from './issuer.ts';
import {
	getLogoutTokenExpiry,
	readLogoutToken,
	requireMeantFor,
	type LogoutClaims,
	type LogoutToken
} from './logout-token.ts';
import { claimedIssuer, providerFailure } from './provider-failure.ts';
import type { ProviderClient } from './provider-client.ts';
import type { OAuthStore } from './repositories.ts';
import { endedChanges } from '#lib/server/features/audit/index.ts';
import type { AuthService } from '#lib/server/features/sign-in/index.ts';
import type { IssuerClaims } from './issuer-claims.ts';

interface Dependencies {
	readonly store: OAuthStore;
	readonly settings: SettingsReader;
	readonly client: ProviderClient;
	readonly auth: AuthService;
	readonly key: SettingsKey;
	readonly log: Log;
	readonly issuers: IssuerClaims;
}

const addressMs = 60_000;
/** Distinguishes these from other texts encrypted with the same key. */
const addressPurpose = 'sign-out';

/** Sign-out that includes the provider, started here or there. */
export class OAuthLogoutService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Ends the calling session, and returns the URL that ends the provider's session. */
	async logout(auth: Auth, isByProvider: boolean): Promise<{ successful: boolean; redirectUri: string }> {
		const next = isByProvider ? await this.#endSessionUrl(auth) : null;
		const ended = await this.#deps.auth.logout(auth);
		return next === null ? ended : { ...ended, redirectUri: next };
	}

	/** Encrypts a provider's URL for the browser to carry to the next page. */
	sealAddress(address: string): Promise<string> {
		return this.#deps.key.seal(`${addressPurpose} ${String(Date.now() + addressMs)} ${address}`);
	}

	/** Decrypts it; null if it wasn't encrypted here within the last minute. */
	async openAddress(sealed: string): Promise<string | null> {
		const [purpose, endsAtMs, address] = (await this.#deps.key.open(sealed))?.split(' ', 3) ?? [];
		const leftMs = Number(endsAtMs) - Date.now();
		return purpose === addressPurpose && leftMs > 0 && leftMs <= addressMs ? (address ?? null) : null;
	}

	/**
	 * Ends the sessions that a provider's logout token names.
	 * @throws {AppError} 400 if OAuth is off or the token is invalid or used
	 */
	async logoutByProvider(token: string, clientInfo: ClientInfo): Promise<void> {
		const { store, log } = this.#deps;
		const { provider, claims } = await this.#verify(token, clientInfo);
		const { iss: issuer, sub: subject = null, sid = null } = claims;
		if (subject === null && sid === null) throw logoutTokenWithoutSubject();
		const count = await store.transaction(async ({ oauthFlows, oauthIdentities, users, audit }) => {
			if (!(await oauthFlows.useLogoutToken(issuer, claims.jti, getLogoutTokenExpiry(claims))))
				throw logoutTokenInvalid(new Error('the token has been used'));
			const isFirst = provider.id === firstProviderId;
			const ended = await oauthIdentities.endSessions({ issuer, subject, sid, isFirst });
			const byUser = new Map<string, number>();
			for (const { userId } of ended) byUser.set(userId, (byUser.get(userId) ?? 0) + 1);
			const owners = await users.listNamed([...byUser.keys()]);
			for (const owner of owners)
				await audit.record({
					action: 'oauth.endSessions',
					actor: null,
					subject: owner,
					credential: null,
					clientInfo: toRecordedClientInfo(clientInfo),
					changes: endedChanges({ sessionsEnded: byUser.get(owner.id) ?? 0 })
				});
			return ended.length;
		});
		log.info({ provider: provider.id, count }, 'Sessions ended by a provider');
	}

	async #verify(
		text: string,
		{ correlationId }: ClientInfo
	): Promise<{ provider: OAuthProvider; claims: LogoutClaims }> {
		const { settings, log } = this.#deps;
		const providers = listProviders(settings.current);
		if (providers.length === 0) throw logoutWhileDisabled();
		let reason: unknown = new Error('no provider has this issuer');
		try {
			const token = readLogoutToken(text);
			for (const provider of providers) {
				try {
					const claims = await this.#verifyBy(provider, token);
					if (claims) return { provider, claims };
				} catch (error) {
					reason = error;
				}
			}
		} catch (error) {
			reason = error;
		}
		log.warn({ correlationId, reason: providerFailure(reason).message }, 'Logout token refused');
		throw logoutTokenInvalid(reason);
	}

	/**
	 * Verifies a token with the keys of one provider; null if another issued it.
	 * @throws {Error} if it is invalid
	 */
	async #verifyBy(provider: OAuthProvider, token: LogoutToken): Promise<LogoutClaims | null> {
		const { settings, client, issuers } = this.#deps;
		const { iss } = token.claims;
		// Refuse what can be refused without contacting the provider: anyone can send a token.
		requireMeantFor(token, provider);
		if (!mayIssue(provider, iss) || !maySpeakFor(provider, iss, listAllProviders(settings.current))) return null;
		const claims = await client.verifyLogoutToken(token, provider, await client.discover(provider));
		if (await issuers.isOfOther(provider, iss)) throw new Error(claimedIssuer);
		return claims;
	}

	/** Source: docs/wire-reference/auth.md#post-authlogout. An unreachable provider doesn't prevent signing out. */
	async #endSessionUrl(auth: Auth): Promise<string | null> {
		const { store, settings, client, log } = this.#deps;
		const sessionId = getSessionId(auth);
		const session = sessionId === null ? null : await store.oauthIdentities.findSession(sessionId);
		const wanted = session?.providerId ?? firstProviderId;
		const provider = listProviders(settings.current).find(({ id }) => id === wanted);
		if (!provider) return null;
		try {
			const announced = provider.endSessionEndpoint || (await client.discover(provider)).end_session_endpoint;
			if (announced === undefined) return null;
			const url = new URL(announced);
			if (!/^https?:$/.test(url.protocol)) throw new Error(`${url.protocol} is no address of a page`);
			if (session?.idToken) url.searchParams.set('id_token_hint', session.idToken);
			return url.href;
		} catch (error) {
			log.warn({ reason: error instanceof Error ? error.message : '' }, 'The provider’s logout address is not known');
			return null;
		}
	}
}
