import type { z } from 'zod';
import type { AuditOutcome } from '#lib/contract/audit/audit.ts';
import type { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import type { OAuthCallbackDto } from '#lib/contract/oauth/oauth.ts';
import { OnboardingDto } from '#lib/contract/users/user.ts';
import { toRecordedClientInfo, type ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { SessionManager } from '#lib/server/features/sessions/index.ts';
import type { SignInAttempts } from '#lib/server/features/sign-in-limits/index.ts';
import { oauthDisabled, oauthRefused } from './errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { OAuthRepositories, OAuthStore } from './repositories.ts';
import { TakenError } from '#lib/server/features/users/index.ts';
import { IdentityTakenError } from './oauth-identity.repository.ts';
import { UserResolver, OAuthRefusal, type ResolvedUser } from './user-resolver.ts';
import type { FinishedFlow, OAuthFlowService } from './oauth-flow.service.ts';
import type { OAuthPictures } from './pictures.ts';

interface Dependencies {
	readonly store: OAuthStore;
	readonly settings: SettingsReader;
	readonly flows: OAuthFlowService;
	readonly sessions: SessionManager;
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
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Signs in with the provider's response.
	 * @throws {AppError} 400 if the user is refused, 500 if the sign-in fails at the provider
	 */
	async signIn(
		dto: z.output<typeof OAuthCallbackDto>,
		clientInfo: ClientInfo
	): Promise<z.input<typeof LoginResponseDto>> {
		const { flows, sessions, pictures, store, log, onSignIn } = this.#deps;
		if (flows.providers().length === 0) throw oauthDisabled();
		const finished = await flows.finish(dto, { kinds: ['signIn'], userId: null }).catch((error: unknown) => {
			onSignIn('refused');
			throw error;
		});
		const { provider, verified } = finished;
		const { user, adminKept } = await this.#resolveUser(finished, clientInfo);
		if (adminKept !== null)
			log.warn({ userId: user.id, provider: provider.id, reason: adminKept }, 'The role claim was ignored');
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
			clientInfo
		);
		if (accessToken === null) {
			onSignIn('refused');
			throw oauthRefused('Your account was just unlinked or deleted.');
		}
		await this.#deps.signInAttempts.remember(user.id, clientInfo);
		onSignIn('done');
		log.info({ address: clientInfo.address, userId: user.id, provider: provider.id }, 'Signed in through a provider');
		const current = (await store.users.find(user.id)) ?? user;
		const onboarding = await store.metadata.getForUser(user.id, 'onboarding');
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

	async #resolveUser(finished: FinishedFlow, clientInfo: ClientInfo): Promise<ResolvedUser> {
		for (let tried = 1; ; tried++) {
			try {
				return await this.#deps.store.transaction((repositories) =>
					new UserResolver(repositories, this.#deps.settings, clientInfo).resolve(finished.provider, finished.verified)
				);
			} catch (error) {
				if (error instanceof OAuthRefusal) throw await this.#refuse(error, clientInfo);
				const isRace = error instanceof TakenError || error instanceof IdentityTakenError;
				if (!isRace || tried === mostTries) throw error;
			}
		}
	}

	/** Records the refusal of a user whom the provider vouches for. */
	async #refuse({ reason, subjectId, error }: OAuthRefusal, clientInfo: ClientInfo) {
		const { store, log, onSignIn } = this.#deps;
		onSignIn('refused');
		const { address, correlationId } = clientInfo;
		log.warn({ correlationId, address, userId: subjectId, reason }, 'Sign-in refused: through a provider');
		await store.audit.record({
			action: 'auth.signIn',
			outcome: 'refused',
			reason,
			actor: null,
			subject: await findSubject(store, subjectId),
			credential: null,
			clientInfo: toRecordedClientInfo(clientInfo)
		});
		return error;
	}
}

const findSubject = async ({ users }: Pick<OAuthRepositories, 'users'>, id: string | null) =>
	id === null ? null : users.find(id, { isDeletedShown: true });
