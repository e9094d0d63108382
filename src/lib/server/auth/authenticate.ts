import { extraPermissions, permissions, type AnyPermission } from '#lib/contract/permission.ts';
import { invalidApiKey, invalidShareKey, invalidShareSlug, invalidUserToken } from '../errors.ts';
import type { ApiKeyRepository } from '../repositories/api-key.repository.ts';
import type { Auth } from './auth.ts';
import { findCredential, type CredentialSource } from './credentials.ts';
import { deviceOf } from './device.ts';
import type { Sessions } from './sessions.ts';
import { hashSecret } from './tokens.ts';

const known = new Set<string>([...permissions, ...extraPermissions]);
const isPermission = (value: string): value is AnyPermission => known.has(value);

/** Tells who a request comes from. */
export class Authenticator {
	readonly #sessions: Sessions;
	readonly #apiKeys: ApiKeyRepository;
	readonly #isQueryAccepted: () => boolean;

	constructor(sessions: Sessions, apiKeys: ApiKeyRepository, isQueryAccepted: () => boolean) {
		this.#sessions = sessions;
		this.#apiKeys = apiKeys;
		this.#isQueryAccepted = isQueryAccepted;
	}

	/** Returns null where no credential is presented. Throws 401 in the words of its kind for a bad one. */
	async authenticate(source: CredentialSource): Promise<Auth | null> {
		const credential = findCredential(source, this.#isQueryAccepted());
		switch (credential?.kind) {
			case undefined:
				return null;
			// No link exists until sharing does, so that every key and slug is unknown.
			case 'shareKey':
				throw invalidShareKey();
			case 'shareSlug':
				throw invalidShareSlug();
			case 'session': {
				const { secret, isAmbient } = credential;
				const auth = await this.#sessions.recognise(secret, isAmbient, deviceOf(source.headers));
				if (!auth) throw invalidUserToken();
				return auth;
			}
			case 'apiKey':
				return this.#recogniseApiKey(credential.secret);
		}
	}

	async #recogniseApiKey(secret: string): Promise<Auth> {
		const key = await this.#apiKeys.findIdentity(hashSecret(secret));
		if (!key) throw invalidApiKey();
		const { keyId, expiresAt, userId: id, email, name, isAdmin, avatarColor, profileImagePath, profileChangedAt } = key;
		return {
			user: { id, email, name, isAdmin, avatarColor, profileImagePath, profileChangedAt },
			credential: { kind: 'apiKey', keyId, permissions: key.permissions.filter(isPermission), expiresAt }
		};
	}
}
