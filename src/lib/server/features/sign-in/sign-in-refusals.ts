import type { AuditOutcome } from '#lib/contract/audit/audit.ts';
import { toRecordedClientInfo, type ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import type { SignInAttempts, SignInAttempt } from '#lib/server/features/sign-in-limits/index.ts';
import { incorrectLogin, passwordLoginDisabled, temporaryPasswordExpired, tooManySignIns } from './errors.ts';
import { type AppError } from '#lib/server/platform/errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { AuditRepository } from '#lib/server/features/audit/index.ts';
import type { SignInUser } from '#lib/server/features/users/index.ts';

interface Dependencies {
	readonly audit: AuditRepository;
	readonly signInAttempts: SignInAttempts;
	readonly log: Log;
	/** Called with each outcome, for the metrics. */
	readonly onSignIn: (outcome: AuditOutcome) => void;
}

interface Refusal {
	/** For admins, in the audit log. */
	readonly reason: string;
	/** For programs that watch the log, so this text must not change. */
	readonly logged: string;
	/** For the client; it doesn't reveal whether the user exists. */
	readonly error: () => AppError;
}

const incorrect = { logged: 'incorrect email or password', error: incorrectLogin };
const refusals = {
	switchedOff: {
		reason: 'Password sign-in is turned off',
		logged: 'password sign-in is turned off',
		error: passwordLoginDisabled
	},
	unknown: { ...incorrect, reason: 'Unknown email' },
	withoutPassword: { ...incorrect, reason: 'The account has no password' },
	wrongPassword: { ...incorrect, reason: 'Wrong password' },
	expired: {
		reason: 'The temporary password has expired',
		logged: 'temporary password expired',
		error: temporaryPasswordExpired
	},
	changed: {
		reason: 'The password has just been changed',
		logged: 'password changed in the meantime',
		error: incorrectLogin
	}
} as const satisfies Record<string, Refusal>;
/** Why a sign-in is refused. */
export type SignInRefusal = keyof typeof refusals;

const tooMany = {
	'last of pair': 'Too many wrong passwords',
	'last of network': 'Too many wrong passwords from one address',
	'last of user': 'Too many wrong passwords from many addresses'
} as const;

/** Refuses sign-ins: counts and records them, and creates the error. */
export class SignInRefusals {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Counts and records a refused sign-in; for an unknown email, nothing that was typed is recorded. */
	async refuse(
		user: SignInUser | null,
		clientInfo: ClientInfo,
		attempt: SignInAttempt,
		why: SignInRefusal
	): Promise<AppError> {
		const { signInAttempts, log, onSignIn } = this.#deps;
		const { reason, logged, error } = refusals[why];
		const reached = await signInAttempts.countRefused(attempt);
		// One of many concurrent attempts, enough of which have been processed.
		if (reached === 'beyond') return this.refuseUnchecked(user, clientInfo, await signInAttempts.waitSeconds(attempt));
		onSignIn('refused');
		log.warn({ address: clientInfo.address, userId: user?.id }, `Sign-in refused: ${logged}`);
		await this.#recordRefusal(user, clientInfo, reason);
		if (reached !== 'within') await this.#recordRefusal(user, clientInfo, tooMany[reached]);
		return error();
	}

	/** Refuses regardless of the password, without an audit event: reaching the limit has already been recorded. */
	refuseUnchecked(user: SignInUser | null, { address }: ClientInfo, waitSeconds: number): AppError {
		this.#deps.onSignIn('refused');
		this.#deps.log.warn({ address, userId: user?.id }, 'Sign-in refused: too many wrong passwords');
		return tooManySignIns(Math.max(1, waitSeconds));
	}

	async #recordRefusal(subject: SignInUser | null, clientInfo: ClientInfo, reason: string): Promise<void> {
		await this.#deps.audit.record({
			action: 'auth.signIn',
			outcome: 'refused',
			reason,
			actor: null,
			subject,
			credential: null,
			clientInfo: toRecordedClientInfo(clientInfo)
		});
	}
}
