import { Lucia, TimeSpan, type Adapter } from 'lucia';
import { notices } from '#lib/server/features/notifications/index.ts';
import type { NewSession, SessionIdentity, SessionRepository } from './session.repository.ts';
import type { SessionProof } from './session-start.sql.ts';
import { toAuthUser, type Identity } from '#lib/server/platform/caller/caller.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { IdentityCache } from '#lib/server/features/access/index.ts';
import { toRecordedClientInfo, type ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import { getEarlier, getSessionEnd, isOverAge, type AgeLimits } from './session-age.ts';
import { areHashesEqual, hashSecret, isOpaque, type AccessTokens } from '#lib/server/platform/caller/access-tokens.ts';

declare module 'lucia' {
	interface Register {
		Lucia: Lucia<SessionAttributes>;
		DatabaseSessionAttributes: SessionAttributes;
		DatabaseUserAttributes: Record<never, never>;
		UserId: string;
	}
}

/** Lucia gets a session as the row to create, or as the identity that was found. */
interface SessionAttributes {
	readonly row?: NewSession;
	readonly identity?: SessionIdentity;
}

/** A user who has just authenticated. */
type ProvenUser = SessionProof & { readonly id: string };

/** Carries the failure to create a session through Lucia. */
class ProofOutdatedError extends Error {
	override readonly name = 'ProofOutdatedError';
}

/** The expiry given to Lucia for a session that never expires, which it doesn't support. */
const noExpiry = new TimeSpan(400, 'd');
const refreshAfterMs = 60 * 60 * 1000;
const extensionMs = 5 * 60 * 1000;
/** Two extensions are at least this far apart. */
const extensionPauseMs = 60 * 1000;

/** Starts and recognizes sessions; the only module that knows Lucia. */
export class SessionManager {
	readonly #lucia: Lucia<SessionAttributes>;
	readonly #repository: SessionRepository;
	readonly #identities: IdentityCache;
	readonly #tokens: AccessTokens;
	readonly #settings: Pick<SettingsReader, 'current'>;

	constructor(
		repository: SessionRepository,
		identities: IdentityCache,
		tokens: AccessTokens,
		settings: Pick<SettingsReader, 'current'>
	) {
		this.#repository = repository;
		this.#identities = identities;
		this.#settings = settings;
		this.#tokens = tokens;
		this.#lucia = new Lucia(adapterFor(repository, identities), {
			sessionExpiresIn: noExpiry,
			getSessionAttributes: (attributes) => attributes
		});
	}

	/**
	 * Starts a session for a user who has just entered the password, signed in with a provider or approved a device code, and
	 * returns its token, which is stored nowhere else. Returns null if the password has changed meanwhile, the identity was
	 * unlinked, the code is used or its approval void, or the user is gone: a reset ends all sessions, so the old password must
	 * not start one after it.
	 */
	async start({ id: userId, ...proof }: ProvenUser, clientInfo: ClientInfo): Promise<string | null> {
		const { token, tokenHash, sessionId: id } = await this.#tokens.issue(userId, null);
		const { device, knownClient, address } = clientInfo;
		const recorded = toRecordedClientInfo(clientInfo);
		const begun = { ...device, proof, address, clientInfo: recorded };
		const notice = notices.newDevice(knownClient, recorded.address);
		const row: NewSession = { id, userId, tokenHash, expiresAt: null, ...begun, notice };
		const started = await this.#lucia.createSession(userId, { row }, { sessionId: id }).catch((error: unknown) => {
			if (error instanceof ProofOutdatedError) return null;
			throw error;
		});
		return started && token;
	}

	/** Starts a child session, which ends with its parent at the latest; null if the parent has ended meanwhile. */
	async startChild(
		{ userId, parentId, parentEnd }: { userId: string; parentId: string; parentEnd: Date | null },
		device: Pick<NewSession, 'deviceType' | 'deviceOS' | 'address'>,
		wantedEnd: Date | null,
		repository: SessionRepository = this.#repository
	): Promise<{ token: string; id: string; expiresAt: Date | null } | null> {
		const expiresAt = getEarlier(wantedEnd, parentEnd);
		const { token, tokenHash, sessionId: id } = await this.#tokens.issue(userId, expiresAt);
		const isMade = await repository.createChild(parentId, { id, userId, tokenHash, expiresAt, ...device });
		return isMade ? { token, id, expiresAt } : null;
	}

	/** Finds the identity of a token; null if it is forged or expired, or the session or user is gone. */
	async recognize(token: string, isAmbient: boolean, clientInfo: ClientInfo): Promise<Identity | null> {
		const tokenHash = hashSecret(token);
		const claimed = await this.#toSession(token, tokenHash);
		if (!claimed) return null;
		const { session } = await this.#lucia.validateSession(claimed.id);
		const identity = session?.identity;
		if (!identity || !areHashesEqual(identity.tokenHash, tokenHash)) return null;
		if (claimed.userId !== null && identity.userId !== claimed.userId) return null;
		const limits = this.#limits;
		if (isOverAge(identity, limits, new Date())) return null;
		// Most requests write nothing here and don't wait.
		if (shouldRefresh(identity, clientInfo))
			await this.#repository.touch(identity.sessionId, { ...clientInfo.device, address: clientInfo.address });
		const pinExpiresAt = shouldExtend(identity) ? await this.#extend(identity) : identity.pinExpiresAt;
		const { sessionId, mustChangePassword, isStartedByAnother, createdAt } = identity;
		const expiresAt = getSessionEnd(identity, limits);
		return {
			user: toAuthUser(identity),
			credential: {
				kind: 'session',
				sessionId,
				isAmbient,
				expiresAt,
				pinExpiresAt,
				signedInAt: isStartedByAnother ? null : createdAt,
				mustChangePassword
			}
		};
	}

	/** Finds the session of a token: our tokens name it, Immich's are looked up by their hash. */
	async #toSession(token: string, tokenHash: Uint8Array): Promise<{ id: string; userId: string | null } | null> {
		const claims = this.#tokens.cached(tokenHash) ?? (await this.#tokens.verify(token, tokenHash));
		if (claims) return { id: claims.sid, userId: claims.sub };
		const id = isOpaque(token) ? await this.#identities.findSessionId(tokenHash) : null;
		return id === null ? null : { id, userId: null };
	}

	/** Returns which of these sessions are still valid, without counting as use. */
	async listGood(ids: readonly string[]): Promise<SessionIdentity[]> {
		const [limits, now] = [this.#limits, new Date()];
		const identities = ids.length === 0 ? [] : await this.#repository.listIdentities(ids);
		return identities.filter((identity) => !isOverAge(identity, limits, now));
	}

	get #limits(): AgeLimits {
		return this.#settings.current.immichAuth.sessions;
	}

	async #extend({ sessionId }: SessionIdentity): Promise<Date> {
		const prolonged = new Date(Date.now() + extensionMs);
		await this.#repository.setPinExpiry(sessionId, prolonged);
		return prolonged;
	}
}

/** At most hourly, or when the app has been updated. Source: docs/wire-reference/credentials.md#session-tokens. */
function shouldRefresh({ updatedAt, appVersion }: SessionIdentity, { device }: ClientInfo): boolean {
	// In both directions: the clock may have been set back.
	const isStale = Math.abs(Date.now() - updatedAt.getTime()) > refreshAfterMs;
	return isStale || (device.appVersion !== null && device.appVersion !== appVersion);
}

/**
 * An elevated session is extended while it is used: to at least four minutes after the last request, and at most five. Pages
 * that are open load again after each extension. If that request extended it too, an open page would keep it elevated.
 * Source: docs/wire-reference/credentials.md#elevated-sessions.
 */
function shouldExtend({ pinExpiresAt }: SessionIdentity): boolean {
	const leftMs = (pinExpiresAt?.getTime() ?? 0) - Date.now();
	const isExtendedAlready = leftMs > extensionMs - extensionPauseMs;
	return leftMs > 0 && !isExtendedAlready;
}

/** Adapts the mirrored table to Lucia. Age limits are enforced here, so Lucia never extends a session. */
function adapterFor(repository: SessionRepository, identities: IdentityCache): Adapter {
	return {
		async getSessionAndUser(sessionId) {
			const identity = await identities.session(sessionId);
			if (!identity) return [null, null];
			const { userId } = identity;
			const expiresAt = identity.expiresAt ?? new Date(Date.now() + noExpiry.milliseconds());
			return [
				{ id: sessionId, userId, expiresAt, attributes: { identity } },
				{ id: userId, attributes: {} }
			];
		},
		// Lists are built from rows and DTOs, without Lucia.
		getUserSessions: () => Promise.resolve([]),
		async setSession({ attributes }) {
			if (attributes.row && !(await repository.create(attributes.row))) throw new ProofOutdatedError();
		},
		updateSessionExpiration: () => Promise.resolve(),
		async deleteSession(sessionId) {
			await repository.delete(sessionId);
		},
		async deleteUserSessions(userId) {
			await repository.deleteByUser(userId);
		},
		deleteExpiredSessions: () => repository.deleteExpired(new Date())
	};
}
