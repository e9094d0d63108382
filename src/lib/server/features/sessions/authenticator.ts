import { isGrantable } from '#lib/contract/permissions/permission.ts';
import { invalidApiKey, invalidUserToken } from '#lib/server/features/access/index.ts';
import { invalidShareKey, invalidShareSlug } from './errors.ts';
import { toAuthUser, type Identity } from '#lib/server/platform/caller/caller.ts';
import { findCredential, type CredentialSource } from '#lib/server/platform/caller/credentials.ts';
import type { IdentityCache } from '#lib/server/features/access/index.ts';
import type { ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { SessionManager } from './session-manager.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';

/** A cached key can outlive its expiry. */
const hasEnded = (expiresAt: Date | null): boolean => expiresAt !== null && expiresAt.getTime() <= Date.now();

/** Authenticates requests. */
export class Authenticator {
	readonly #sessions: SessionManager;
	readonly #identities: IdentityCache;
	readonly #settings: Pick<SettingsReader, 'current'>;

	constructor(sessions: SessionManager, identities: IdentityCache, settings: Pick<SettingsReader, 'current'>) {
		this.#sessions = sessions;
		this.#identities = identities;
		this.#settings = settings;
	}

	/**
	 * Returns the caller; null without a credential.
	 * @throws {AppError} 401 for an invalid credential, with the message of its kind
	 */
	async authenticate(source: CredentialSource, clientInfo: ClientInfo): Promise<Identity | null> {
		const { acceptInQuery } = this.#settings.current.immichAuth.credentials;
		const credential = findCredential(source, acceptInQuery);
		switch (credential?.kind) {
			case undefined:
				return null;
			// Shared links aren't implemented yet, so every key and slug is unknown.
			case 'shareKey':
				throw invalidShareKey();
			case 'shareSlug':
				throw invalidShareSlug();
			case 'session': {
				const { secret, isAmbient } = credential;
				const auth = await this.#sessions.recognize(secret, isAmbient, clientInfo);
				if (!auth) throw invalidUserToken();
				return auth;
			}
			case 'apiKey':
				return this.#recognizeApiKey(credential.secret, credential.isAmbient);
		}
	}

	async #recognizeApiKey(secret: string, isAmbient: boolean): Promise<Identity> {
		const keyHash = hashSecret(secret);
		const key = await this.#identities.apiKey(keyHash);
		if (!key || hasEnded(key.expiresAt)) throw invalidApiKey();
		const { keyId, expiresAt } = key;
		return {
			user: toAuthUser(key),
			credential: {
				kind: 'apiKey',
				keyId,
				isAmbient,
				keyHash,
				permissions: key.permissions.filter(isGrantable),
				expiresAt
			}
		};
	}
}
