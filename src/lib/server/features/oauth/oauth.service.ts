import type { z } from 'zod';
import type { AuditOutcome } from '#lib/contract/audit/audit.ts';
import type { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import type { OAuthCallbackDto } from '#lib/contract/oauth/oauth.ts';
import { OnboardingDto } from '#lib/contract/users/user.ts';
import { recordedOrigin, type Origin } from '#lib/server/platform/caller/client-info.ts';
import type { Sessions } from '#lib/server/features/sessions/index.ts';
import type { SignInAttempts } from '#lib/server/features/sign-in-limits/index.ts';
import { oauthDisabled, oauthRefused } from './errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { OAuthRepositories, OAuthStore } from './repositories.ts';
import { TakenError } from '#lib/server/features/users/index.ts';
import { IdentityTakenError } from './oauth-identity.repository.ts';
import { OAuthAccounts, OAuthRefusal, type ResolvedAccount } from './account-resolver.ts';
import type { FinishedFlow, OAuthFlowService } from './oauth-flow.service.ts';
import type { OAuthPictures } from './oauth-pictures.ts';

interface Dependencies {
	readonly store: OAuthStore;
	readonly flows: OAuthFlowService;
	readonly sessions: Sessions;
	readonly signInAttempts: SignInAttempts;
	readonly pictures: OAuthPictures;
	readonly log: Log;
	/** Called with the outcome of each sign-in, for metrics. */
	readonly onSignIn: (outcome: AuditOutcome) => void;
}

/** Retries, because concurrent sign-ins can conflict over a storage label or be the same user. */
const mostTries = 4;

/** Signs users in through a provider, and registers new ones. */
export class OAuthService {
	readonly #with: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#with = dependencies;
	}

	/**
	 * Signs in with the provider's response.
	 * @throws {AppError} 400 if the user is refused, 500 if the sign-in fails at the provider
	 */
	async signIn(dto: z.output<typeof OAuthCallbackDto>, origin: Origin): Promise<z.input<typeof LoginResponseDto>> {
		const { flows, sessions, pictures, store, log, onSignIn } = this.#with;
		if (flows.providers().length === 0) throw oauthDisabled();
		const finished = await flows.finish(dto, { kinds: ['signIn'], userId: null }).catch((error: unknown) => {
			onSignIn('refused');
			throw error;
		});
		const { provider, verified } = finished;
		const { user, isLastAdminKept } = await this.#accountOf(finished, origin);
		if (isLastAdminKept)
			log.warn(
				{ userId: user.id, provider: provider.id },
				'The role claim was ignored: this is the last administrator'
			);
		await pictures.adopt(user, verified.profile, provider);
		const accessToken = await sessions.start(
			{
				id: user.id,
				provider: {
					providerId: provider.id,
					issuer: verified.issuer,
					subject: verified.profile.sub,
					sid: verified.providerSessionId,
					idToken: verified.idToken
				}
			},
			origin
		);
		if (accessToken === null) {
			onSignIn('refused');
			throw oauthRefused('Your account has just been unlinked or removed.');
		}
		await this.#with.signInAttempts.remember(user.id, origin);
		onSignIn('done');
		log.info({ address: origin.address, userId: user.id, provider: provider.id }, 'Signed in through a provider');
		const current = (await store.users.find(user.id)) ?? user;
		const onboarding = await store.metadata.getOfUser(user.id, 'onboarding');
		return {
			accessToken,
			userId: user.id,
			userEmail: current.email,
			name: current.name,
			isAdmin: current.isAdmin,
			profileImagePath: current.profileImagePath,
			// Signing in through a provider uses no password that would have to be changed: docs/decisions/021.
			shouldChangePassword: false,
			isOnboarded: OnboardingDto.safeParse(onboarding).data?.isOnboarded ?? false
		};
	}

	async #accountOf(finished: FinishedFlow, origin: Origin): Promise<ResolvedAccount> {
		for (let tried = 1; ; tried++) {
			try {
				return await this.#with.store.transaction((repositories) =>
					new OAuthAccounts(repositories, origin).resolve(finished.provider, finished.verified)
				);
			} catch (error) {
				if (error instanceof OAuthRefusal) throw await this.#refuse(error, origin);
				const isRace = error instanceof TakenError || error instanceof IdentityTakenError;
				if (!isRace || tried === mostTries) throw error;
			}
		}
	}

	/** Records the refusal of a user whom the provider vouches for. */
	async #refuse({ reason, subjectId, error }: OAuthRefusal, origin: Origin) {
		const { store, log, onSignIn } = this.#with;
		onSignIn('refused');
		const { address, correlationId } = origin;
		log.warn({ correlationId, address, userId: subjectId, reason }, 'Sign-in refused: through a provider');
		await store.audit.record({
			action: 'auth.signIn',
			outcome: 'refused',
			reason,
			actor: null,
			subject: await subjectOf(store, subjectId),
			credential: null,
			origin: recordedOrigin(origin)
		});
		return error;
	}
}

const subjectOf = async ({ users }: Pick<OAuthRepositories, 'users'>, id: string | null) =>
	id === null ? null : users.find(id, { isDeletedShown: true });
