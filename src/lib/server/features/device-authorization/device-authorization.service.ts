import type { z } from 'zod';
import type { AuditAction, AuditOutcome } from '#lib/contract/audit/audit.ts';
import {
	type DeviceAuthorization,
	deviceCodeGrant,
	type DeviceCodeDto,
	type DeviceCodeResponseDto,
	type DeviceTokenDto,
	type DeviceTokenResponseDto
} from '#lib/contract/device-authorization/device-authorization.ts';
import { formatUserCode, readUserCode } from '#lib/contract/device-authorization/user-code.ts';
import { requireLive } from '#lib/server/features/access/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import type { SessionManager } from '#lib/server/features/sessions/index.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { toRecordedClientInfo, type ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import type { Log } from '#lib/server/platform/log.ts';
import {
	type DeviceAuthorizationRow,
	intervalSeconds,
	lifetimeSeconds,
	type Poll
} from './device-authorization.repository.ts';
import type { DeviceCodeLimits } from './device-code-limits.ts';
import { newDeviceCode, newUserCode } from './device-codes.ts';
import {
	approvingSessionNeeded,
	authorizationPending,
	deniedDeviceCode,
	expiredDeviceCode,
	expiredUserCode,
	invalidDeviceCode,
	slowDown,
	tooManyDeviceCodes,
	unknownUserCode,
	unsupportedGrantType,
	usedUserCode
} from './errors.ts';
import type { DeviceAuthorizationStore } from './repositories.ts';

interface Dependencies {
	readonly store: DeviceAuthorizationStore;
	readonly sessions: SessionManager;
	readonly limits: DeviceCodeLimits;
	readonly log: Log;
	/** Called with the outcome of each sign-in, for the metrics. */
	readonly onSignIn: (outcome: AuditOutcome) => void;
}

/** The page where a user types the code. */
const devicePath = '/device';
/** How long to wait while too many programs are waiting. */
const crowdedSeconds = 60;

const actions = {
	approved: 'deviceAuthorization.approve',
	denied: 'deviceAuthorization.deny'
} as const satisfies Record<string, AuditAction>;

/** Signs in programs that have no browser: a user approves a code in one (RFC 8628). */
export class DeviceAuthorizationService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Issues the codes for a program. `origin` is this server's address for users.
	 * @throws {AppError} 429 if a network requests too many, or too many programs are waiting
	 */
	async requestCode(
		{ client_id: clientName }: z.output<typeof DeviceCodeDto>,
		clientInfo: ClientInfo,
		origin: string
	): Promise<z.input<typeof DeviceCodeResponseDto>> {
		const { store, limits, log } = this.#deps;
		await limits.countRequest(clientInfo.address);
		const [deviceCode, userCode] = [newDeviceCode(), newUserCode()];
		const { address, client } = toRecordedClientInfo(clientInfo);
		const isCreated = await store.deviceAuthorizations.create({
			deviceCodeHash: hashSecret(deviceCode),
			userCodeHash: hashSecret(userCode),
			clientName,
			address,
			client
		});
		if (!isCreated) {
			log.warn({ address }, 'Device authorization refused: too many programs are waiting');
			throw tooManyDeviceCodes(crowdedSeconds);
		}
		const verificationUri = new URL(devicePath, origin);
		const complete = new URL(verificationUri);
		complete.searchParams.set('code', formatUserCode(userCode));
		return {
			device_code: deviceCode,
			user_code: formatUserCode(userCode),
			verification_uri: verificationUri.href,
			verification_uri_complete: complete.href,
			expires_in: lifetimeSeconds,
			interval: intervalSeconds
		};
	}

	/**
	 * Answers a program's poll: starts the session once the user has approved, and returns its token, once.
	 * @throws {AppError} 400 with OAuth's error until then, and for a code that is denied, expired, used or void
	 */
	async takeToken(
		{ grant_type: grantType, device_code: deviceCode, client_id: clientName }: z.output<typeof DeviceTokenDto>,
		clientInfo: ClientInfo
	): Promise<z.input<typeof DeviceTokenResponseDto>> {
		const { store, sessions, log } = this.#deps;
		if (grantType !== deviceCodeGrant) throw unsupportedGrantType();
		const codeHash = hashSecret(deviceCode);
		const poll = await store.deviceAuthorizations.poll(codeHash);
		if (poll?.clientName !== clientName) throw invalidDeviceCode();
		requireApproved(poll);
		// The session that approved must still be able to start another one.
		const [approver] = await sessions.listGood(poll.sessionId === null ? [] : [poll.sessionId]);
		if (!approver || approver.mustChangePassword) throw invalidDeviceCode();
		const { userId, email } = approver;
		// Null also for all but one of several parallel polls.
		const accessToken = await sessions.start({ id: userId, device: { codeHash } }, clientInfo);
		if (accessToken === null) throw invalidDeviceCode();
		this.#deps.onSignIn('done');
		log.info({ address: clientInfo.address, userId }, 'Signed in by device authorization');
		return { access_token: accessToken, token_type: 'Bearer', userId, userEmail: email };
	}

	/**
	 * Returns the program that shows a code.
	 * @throws {AppError} 400 for a code that is unknown, expired or used, 429 after too many wrong ones
	 */
	async find(auth: Auth, typed: string): Promise<DeviceAuthorization> {
		return toDto(await this.#findWaiting(auth, typed), typed, 'pending');
	}

	/**
	 * Lets the program that shows a code take a session of the caller.
	 * @throws {AppError} 400 as `find`, and unless the caller's session was started by signing in; 401 if it has ended
	 */
	approve(auth: Auth, typed: string): Promise<DeviceAuthorization> {
		return this.#answer(auth, typed, 'approved');
	}

	/**
	 * Refuses the program that shows a code.
	 * @throws {AppError} as `approve`
	 */
	deny(auth: Auth, typed: string): Promise<DeviceAuthorization> {
		return this.#answer(auth, typed, 'denied');
	}

	async #answer(auth: Auth, typed: string, state: 'approved' | 'denied'): Promise<DeviceAuthorization> {
		const sessionId = getApprovingSession(auth);
		const userId = auth.user.id;
		const waiting = await this.#findWaiting(auth, typed);
		await this.#deps.store.transaction(async (repositories) => {
			await repositories.users.lock(userId);
			await requireLive(repositories, auth);
			const { id, clientName } = waiting;
			const isAnswered = await repositories.deviceAuthorizations.answer(id, { state, userId, sessionId });
			if (!isAnswered) throw usedUserCode();
			const object = { kind: 'deviceAuthorization', id, label: clientName } as const;
			await repositories.audit.record(buildAuditEntry(auth, { action: actions[state], object }));
		});
		return toDto(waiting, typed, state);
	}

	async #findWaiting(auth: Auth, typed: string): Promise<DeviceAuthorizationRow> {
		const { store, limits } = this.#deps;
		const guesser = { userId: auth.user.id, address: auth.clientInfo.address };
		await limits.countGuess(guesser);
		const code = readUserCode(typed);
		const found = code === null ? null : await store.deviceAuthorizations.findByUserCode(hashSecret(code));
		if (!found) throw unknownUserCode();
		await limits.takeBackGuess(guesser);
		if (found.state !== 'pending') throw usedUserCode();
		if (found.isExpired) throw expiredUserCode();
		return found;
	}
}

/**
 * Lets an approved code pass.
 * @throws {AppError} 400 for any other
 */
function requireApproved({ state, isExpired, isEarly }: Poll): void {
	if (state === 'used') throw invalidDeviceCode();
	if (state === 'denied') throw deniedDeviceCode();
	if (isExpired) throw expiredDeviceCode();
	if (state === 'pending') throw isEarly ? slowDown() : authorizationPending();
}

/**
 * Returns the session that answers. A key has none; a session that another one started or approved
 * could start one that outlives it.
 * @throws {AppError} 400 for these
 */
function getApprovingSession({ credential }: Auth): string {
	if (credential.kind !== 'session' || credential.signedInAt === null) throw approvingSessionNeeded();
	return credential.sessionId;
}

const toDto = (
	{ clientName, address, client, createdAt }: DeviceAuthorizationRow,
	typed: string,
	state: DeviceAuthorization['state']
): DeviceAuthorization => ({
	state,
	userCode: formatUserCode(readUserCode(typed) ?? ''),
	clientName,
	address,
	client,
	requestedAt: createdAt.toISOString()
});
