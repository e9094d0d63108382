import type { AuditOutcome } from '#lib/contract/audit/audit.ts';
import type { AccessFeature } from '#lib/server/features/access/index.ts';
import type { SessionsFeature } from '#lib/server/features/sessions/index.ts';
import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { SignInLimitsFeature } from '#lib/server/features/sign-in-limits/index.ts';
import type { UsersFeature } from '#lib/server/features/users/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { AuthService } from './auth.service.ts';
import { PinCodeService } from './pin-code.service.ts';
import type { SignInStore } from './repositories.ts';
import { SetupCode } from './setup-code.ts';
import { SignInCheckService } from './sign-in-check.service.ts';
import { SignInRefusals } from './sign-in-refusals.ts';

interface Needed {
	readonly access: AccessFeature;
	readonly settings: SettingsFeature;
	readonly sessions: SessionsFeature;
	readonly signInLimits: SignInLimitsFeature;
	readonly users: UsersFeature;
	readonly metrics: { readonly countSignIn: (outcome: AuditOutcome) => void };
}

export async function createSignIn(
	{ store, pool, env, passwords, log }: Platform<SignInStore>,
	{ access, settings: { reader: settings }, sessions: { sessions, lists }, signInLimits, users, metrics }: Needed
) {
	const { countSignIn: onSignIn } = metrics;
	const { proofs, proofAttempts } = access;
	const { attempts: signInAttempts } = signInLimits;
	const { policy, ownPassword } = users;
	const setupCode = SetupCode.create(env.setupCode, await store.signingSecrets.getOrCreate('setup'), pool);
	const auth = new AuthService({
		store,
		sessions,
		passwords,
		setupCode,
		policy,
		ownPassword,
		proofAttempts,
		signInAttempts,
		refusals: new SignInRefusals({ audit: store.audit, signInAttempts, log, onSignIn }),
		settings,
		env,
		log,
		onSignIn
	});
	return {
		/** How to create the first admin; null if there is one. */
		setupNotice: async (): Promise<string | null> => ((await auth.isSetupPending()) ? setupCode.notice : null),
		services: {
			auth,
			pinCode: new PinCodeService({ store, passwords, attempts: proofAttempts, proofs, log }),
			signInCheck: new SignInCheckService({ store, lists, attempts: signInAttempts, settings, log })
		}
	} satisfies Feature;
}

export type SignInFeature = Awaited<ReturnType<typeof createSignIn>>;
