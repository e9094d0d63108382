import type { z } from 'zod';
import type { AuditOutcome } from '#lib/contract/audit/audit.ts';
import type {
	AuthStatusResponseDto,
	ChangePasswordDto,
	LoginCredentialDto,
	LoginResponseDto,
	SignUpDto
} from '#lib/contract/sign-in/auth.ts';
import { OnboardingDto, type UserAdmin } from '#lib/contract/users/user.ts';
import { byteLength, maxPasswordBytes } from '#lib/contract/fields.ts';
import type { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import {
	isElevated,
	mustChangePassword,
	getProofKeys,
	getSessionId,
	type Auth
} from '#lib/server/platform/caller/caller.ts';
import { toRecordedClientInfo, type ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import {
	type OwnPassword,
	type PasswordPolicy,
	refuseTaken,
	type SignInUser,
	toUserAdminDto,
	translateTaken,
	samePassword,
	wrongPassword
} from '#lib/server/features/users/index.ts';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import type { SessionManager } from '#lib/server/features/sessions/index.ts';
import type { SetupCode } from './setup-code.ts';
import type { SignInAttempts } from '#lib/server/features/sign-in-limits/index.ts';
import { toQueueOptions, toCallerQueueOptions } from '#lib/server/platform/caller/queue-options.ts';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { adminExists, setupDisabled } from './errors.ts';
import { requireUser } from '#lib/server/platform/errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { SignInStore } from './repositories.ts';
import { buildAuditEntry, initialFields } from '#lib/server/features/audit/index.ts';
import { isPasswordUnproven } from '#lib/server/features/access/index.ts';
import type { SignInRefusal, SignInRefusals } from './sign-in-refusals.ts';

interface Dependencies {
	readonly store: SignInStore;
	readonly sessions: SessionManager;
	readonly passwords: PasswordHasher;
	readonly setupCode: SetupCode;
	readonly policy: PasswordPolicy;
	readonly ownPassword: OwnPassword;
	readonly proofAttempts: RateLimiter;
	readonly signInAttempts: SignInAttempts;
	readonly refusals: SignInRefusals;
	readonly settings: SettingsReader;
	readonly env: AppEnv;
	readonly log: Log;
	/** Called with the outcome of each sign-in, for the metrics. */
	readonly onSignIn: (outcome: AuditOutcome) => void;
}

/** What allows a client to create the first admin, besides the body. */
interface SetupSender {
	readonly isLocal: boolean;
	/** The setup code sent in a header. */
	readonly header: string | undefined;
}

/** The first admin's storage label, as in Immich. */
const firstLabel = 'admin';
const signInPath = '/auth/login?autoLaunch=0';

/** Sign-up, sign-in, sign-out, and the caller's own password. */
export class AuthService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Signs in with a password. Every wrong pair gets the same error in the same time, whether or not the user exists.
	 * @throws {AppError} 401 if the sign-in is refused, 429 above the sign-in limit, 503 if too many are waiting
	 */
	async login(
		dto: z.output<typeof LoginCredentialDto>,
		clientInfo: ClientInfo
	): Promise<z.input<typeof LoginResponseDto>> {
		const { store, sessions, passwords, signInAttempts, refusals, settings, log } = this.#deps;
		const canSucceed = settings.current.system.passwordLogin.enabled;
		const attempt = { email: dto.email, address: clientInfo.address, browser: clientInfo.browser, canSucceed };
		const [user, waitSeconds] = await Promise.all([
			store.users.findForSignIn(dto.email),
			signInAttempts.waitSeconds(attempt)
		]);
		if (waitSeconds > 0) throw refusals.refuseUnchecked(user, clientInfo, waitSeconds);
		const refuse = (why: SignInRefusal) => refusals.refuse(user, clientInfo, attempt, why);
		if (!canSucceed) throw await refuse('switchedOff');
		const isMatch = await passwords.matches(
			dto.password,
			user?.passwordHash ?? null,
			toQueueOptions(dto.email, clientInfo)
		);
		if (!user) throw await refuse('unknown');
		if (!user.passwordHash) throw await refuse('withoutPassword');
		if (!isMatch) throw await refuse('wrongPassword');
		if (user.passwordExpiresAt && user.passwordExpiresAt.getTime() <= Date.now()) throw await refuse('expired');
		const laterSeconds = await signInAttempts.clearUnlessLimited(attempt);
		if (laterSeconds > 0) throw refusals.refuseUnchecked(user, clientInfo, laterSeconds);
		// bcrypt used only the first 72 bytes of such a password: accept it once and require a change.
		const isCut = byteLength(dto.password) > maxPasswordBytes;
		if (isCut) await this.#requireChange(user, clientInfo);
		const { id, passwordHash } = user;
		const accessToken = await sessions.start({ id, passwordHash }, clientInfo);
		if (accessToken === null) throw await refuse('changed');
		await signInAttempts.remember(id, clientInfo);
		this.#deps.onSignIn('done');
		log.info({ address: clientInfo.address, userId: id }, 'Signed in');
		return {
			accessToken,
			userId: id,
			userEmail: user.email,
			name: user.name,
			isAdmin: user.isAdmin,
			profileImagePath: user.profileImagePath,
			shouldChangePassword: user.shouldChangePassword || isCut,
			isOnboarded: OnboardingDto.safeParse(user.onboarding).data?.isOnboarded ?? false
		};
	}

	/**
	 * Creates the first admin, exactly once even with concurrent requests.
	 * @throws {AppError} 400 if there is an admin or setup is disabled, 403 without the setup code
	 */
	async signUpAdmin(
		{ email, password, name, setupCode: code }: z.output<typeof SignUpDto>,
		clientInfo: ClientInfo,
		{ isLocal, header }: SetupSender
	): Promise<UserAdmin> {
		const { store, passwords, setupCode, env, log } = this.#deps;
		if (!env.isSetupAllowed) throw setupDisabled();
		if (await store.users.hasAdmin()) throw adminExists();
		await setupCode.check({ isLocal, code: code ?? header, address: clientInfo.address });
		await this.#deps.policy.require(password, { name, email });
		await refuseTaken(store.users, { email }, null);
		const passwordHash = await passwords.hash(password, toQueueOptions(email, clientInfo));
		const user = await store.transaction(async ({ users, passwordStates, audit }) => {
			await users.lockAdmins();
			if (await users.hasAdmin()) throw adminExists();
			const isLabelFree = (await users.listTakenLabels([firstLabel])).length === 0;
			const storageLabel = isLabelFree ? firstLabel : null;
			const admin = await translateTaken(
				users.create({ email, emailOrigin: 'admin', name, passwordHash, isAdmin: true, storageLabel })
			);
			// The API still reports the flag, as Immich does; the password gate stays open because the admin set the password.
			await passwordStates.recordSet(admin.id, { setBy: admin.id, setAt: admin.createdAt });
			const { id } = admin;
			await audit.record({
				action: 'auth.signUp',
				actor: { id, name, email },
				subject: { id, name, email },
				credential: null,
				clientInfo: toRecordedClientInfo(clientInfo),
				changes: initialFields(admin)
			});
			return admin;
		});
		log.info({ userId: user.id }, 'First administrator made');
		return toUserAdminDto(user);
	}

	/** Whether the first admin still has to be created. */
	async isSetupPending(): Promise<boolean> {
		return this.#deps.env.isSetupAllowed && !(await this.#deps.store.users.hasAdmin());
	}

	/** Whether the setup code is required to create the first admin. */
	isSetupCodeRequired(isLocal: boolean): boolean {
		return this.#deps.setupCode.isRequiredFrom({ isLocal });
	}

	/**
	 * Replaces the caller's own password; other sessions end unless the caller keeps them.
	 * @throws {AppError} 400 for a wrong, equal or guessable password, 429 after too many wrong ones
	 */
	async changePassword(auth: Auth, dto: z.output<typeof ChangePasswordDto>): Promise<UserAdmin> {
		const { store, passwords, proofAttempts, ownPassword } = this.#deps;
		const secrets = await store.users.findSecrets(auth.user.id);
		const verifiedHash = secrets?.passwordHash ?? null;
		const guessed = getProofKeys(auth, 'password');
		await proofAttempts.count(guessed);
		if (!(await passwords.matches(dto.password, verifiedHash, toCallerQueueOptions(auth)))) {
			await store.audit.record(buildAuditEntry(auth, { action: 'password.change', refused: 'Wrong password' }));
			throw wrongPassword();
		}
		await proofAttempts.forget(guessed);
		if (dto.newPassword === dto.password && mustChangePassword(auth)) throw samePassword('newPassword');
		return ownPassword.set(auth, dto.newPassword, {
			verifiedHash,
			isProven: !(await isPasswordUnproven(store, auth.user.id)),
			areOthersEnded: dto.invalidateSessions !== false,
			areApiKeysRevoked: dto.revokeApiKeys === true,
			field: 'newPassword'
		});
	}

	/** Ends the current session; an API key has none. */
	async logout(auth: Auth): Promise<{ successful: boolean; redirectUri: string }> {
		const sessionId = getSessionId(auth);
		if (sessionId)
			await this.#deps.store.transaction(async ({ sessions, audit }) => {
				if (!(await sessions.delete(sessionId))) return;
				await audit.record(
					buildAuditEntry(auth, { action: 'auth.signOut', object: { kind: 'session', id: sessionId } })
				);
			});
		return { successful: true, redirectUri: signInPath };
	}

	/**
	 * Returns the caller's authentication status.
	 * @throws {AppError} 400 if the user has been deleted
	 */
	async status(auth: Auth): Promise<z.input<typeof AuthStatusResponseDto>> {
		const secrets = requireUser(await this.#deps.store.users.findSecrets(auth.user.id));
		const session = auth.credential.kind === 'session' ? auth.credential : null;
		const [expiresAt, pinExpiresAt] = [session?.expiresAt?.toISOString(), session?.pinExpiresAt?.toISOString()];
		return {
			pinCode: secrets.pinCodeHash !== null,
			password: secrets.passwordHash !== null,
			isElevated: isElevated(auth),
			...(expiresAt === undefined ? {} : { expiresAt }),
			...(pinExpiresAt === undefined ? {} : { pinExpiresAt })
		};
	}

	async #requireChange(user: SignInUser, clientInfo: ClientInfo): Promise<void> {
		await this.#deps.store.transaction(async ({ users, passwordStates, audit }) => {
			await users.update(user.id, { shouldChangePassword: true });
			await passwordStates.recordRequirement(user.id, null);
			await audit.record({
				action: 'user.requireChange',
				reason: 'The password has more than 72 bytes',
				actor: null,
				subject: user,
				credential: null,
				clientInfo: toRecordedClientInfo(clientInfo)
			});
		});
	}
}
