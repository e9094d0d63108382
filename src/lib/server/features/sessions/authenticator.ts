import { isGrantable } from '#lib/contract/permissions/permission.ts';
import { invalidApiKey, invalidUserToken } from '#lib/server/features/access/index.ts';
import { toAuthUser, type Identity } from '#lib/server/platform/caller/caller.ts';
import { findCredential, type CredentialSource } from '#lib/server/platform/caller/credentials.ts';
import type { IdentityCache, LinkVisitors } from '#lib/server/features/access/index.ts';
import type { ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { SessionManager } from './session-manager.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';

/** A cached key can outlive its expiry. */
const hasEnded = (expiresAt: Date | null): boolean => expiresAt !== null && expiresAt.getTime() <= Date.now();

interface Dependencies {
	readonly sessions: SessionManager;
	readonly identities: IdentityCache;
	readonly linkVisitors: LinkVisitors;
	readonly settings: Pick<SettingsReader, 'current'>;
}

/** Authenticates requests. */
export class Authenticator {
	readonly #sessions: SessionManager;
	readonly #identities: IdentityCache;
	readonly #linkVisitors: LinkVisitors;
	readonly #settings: Pick<SettingsReader, 'current'>;

	constructor({ sessions, identities, linkVisitors, settings }: Dependencies) {
		this.#sessions = sessions;
		this.#identities = identities;
		this.#linkVisitors = linkVisitors;
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
			case 'shareKey':
			case 'shareSlug':
				return this.#linkVisitors.recognize(credential, source.headers, clientInfo);
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
