import type { z } from 'zod';
import {
	firstProviderId,
	unlinkAllWords,
	type LinkedCount,
	type LinkedProvider,
	type OAuthCallbackDto,
	type UnlinkAllPreviewDto
} from '#lib/contract/oauth/oauth.ts';
import type { UserAdmin } from '#lib/contract/users/user.ts';
import { getSessionId, type Auth } from '#lib/server/platform/caller/caller.ts';
import type { ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import {
	getHost,
	mostStranded,
	refuseStranding,
	type SettingsReader,
	getSignInWays,
	readSignInWays,
	type StrandedView,
	toStrandedView
} from '#lib/server/features/settings/index.ts';
import { notConfirmed, requireUser } from '#lib/server/platform/errors.ts';
import { oauthLinkedElsewhere } from './errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import { getEmail, isEmailVerified } from './profile.ts';
import type { FlowKind } from './oauth-flow.repository.ts';
import { IdentityTakenError } from './oauth-identity.repository.ts';
import type { OAuthStore } from './repositories.ts';
import type { SignInWays } from '#lib/server/features/user-directory/index.ts';
import { endedChanges, buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { type OwnProof, requireLive, requireLiveAdmin, recentSignInNeeded } from '#lib/server/features/access/index.ts';
import type { BegunFlow, FinishedFlow, OAuthFlowService } from './oauth-flow.service.ts';
import { toUserAdminDto } from '#lib/server/features/users/index.ts';

interface Dependencies {
	readonly store: OAuthStore;
	readonly flows: OAuthFlowService;
	readonly proofs: OwnProof;
	readonly settings: SettingsReader;
	readonly log: Log;
}

/** All links of all users. */
const everyone = { userId: null, providerId: null } as const;

/** The flows a caller can finish: an API client any, a page only link flows, which its own user started there. */
const allowedKinds = { program: ['signIn', 'link'], page: ['link'] } as const satisfies Record<
	string,
	readonly FlowKind[]
>;

/** Links users with providers, and unlinks them. */
export class OAuthLinkService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Starts linking the caller on a page. A linked identity can sign in from then on, so this requires the current password
	 * or a recent sign-in.
	 * @throws {AppError} 400 without them, and as OAuthFlowService.begin
	 */
	async begin(
		auth: Auth,
		wanted: { readonly redirectUri: string; readonly providerId: string },
		clientInfo: Pick<ClientInfo, 'address'>,
		currentPassword: string | undefined
	): Promise<BegunFlow> {
		await this.#deps.proofs.require(auth, currentPassword, 'oauth.link');
		return this.#deps.flows.begin(wanted, clientInfo, auth.user.id);
	}

	/**
	 * Links the caller to the provider's user who has just signed in there.
	 * @throws {AppError} 400 if that user is linked to another user here, or if the user of an API client hasn't signed
	 * in recently
	 */
	async link(auth: Auth, dto: z.output<typeof OAuthCallbackDto>, by: keyof typeof allowedKinds): Promise<UserAdmin> {
		const finished = await this.#deps.flows.finish(dto, { kinds: allowedKinds[by], userId: auth.user.id });
		try {
			return await this.#link(auth, finished);
		} catch (error) {
			throw error instanceof IdentityTakenError ? oauthLinkedElsewhere() : error;
		}
	}

	async #link(auth: Auth, { kind, provider, verified }: FinishedFlow): Promise<UserAdmin> {
		const { id } = auth.user;
		const { issuer, profile, providerSessionId: sid, idToken } = verified;
		const identity = { providerId: provider.id, issuer, subject: profile.sub };
		const isFirst = provider.id === firstProviderId;
		// A flow started on a page has already required proof.
		const isProven = kind !== 'signIn' || (await this.#deps.proofs.isRecent(auth));
		const user = await this.#deps.store.transaction(async (repositories) => {
			const { users, oauthIdentities, sessions, audit, notifications } = repositories;
			await users.lock(id);
			await requireLive(repositories, auth);
			const owner = await oauthIdentities.findOwner(identity);
			if (owner && owner.userId !== id) throw oauthLinkedElsewhere();
			// A user linked by Immich has only a subject until the first sign-in, which creates the identity.
			const adoptable = isFirst && !owner ? await oauthIdentities.listAdoptable(provider.id, profile.sub) : [];
			if (adoptable.some((other) => other !== id)) throw oauthLinkedElsewhere();
			if (!owner && !isProven) throw recentSignInNeeded();
			if (!owner) {
				await oauthIdentities.removeByProvider(id, provider.id);
				const isVerified = isEmailVerified(profile, provider);
				await oauthIdentities.add({
					...identity,
					userId: id,
					email: getEmail(profile),
					isVerified,
					linkedBy: 'session'
				});
				await notifications.create(id, notices.linked(getHost(issuer)));
			}
			const sessionId = getSessionId(auth);
			if (sessionId !== null) await sessions.setProviderSession(sessionId, { sid, idToken });
			const linked = requireUser(isFirst ? await users.update(id, { oauthId: profile.sub }) : await users.find(id));
			await audit.record(buildAuditEntry(auth, { action: 'oauth.link' }));
			return linked;
		});
		this.#deps.log.info({ userId: id, provider: provider.id }, 'Account linked to a provider');
		return toUserAdminDto(user);
	}

	/** Lists the providers that a user can sign in with. */
	async listLinks(userId: string): Promise<LinkedProvider[]> {
		const { identities, immichSubject } = await this.#deps.store.oauthIdentities.listByUser(userId);
		const providers = this.#deps.flows.providers();
		const getAccountUrl = (wanted: string) => providers.find(({ id }) => id === wanted)?.accountManagementUrl ?? '';
		const links = identities.map(({ providerId, issuer, email, linkedAt, lastUsedAt }) => ({
			providerId,
			host: getHost(issuer),
			email,
			linkedAt: linkedAt.toISOString(),
			lastUsedAt: lastUsedAt?.toISOString() ?? null,
			accountUrl: getAccountUrl(providerId)
		}));
		if (immichSubject === '' || identities.some(({ providerId }) => providerId === firstProviderId)) return links;
		const first = providers.find(({ id }) => id === firstProviderId);
		const accountUrl = getAccountUrl(firstProviderId);
		const adoptable = { providerId: firstProviderId, host: getHost(first?.issuerUrl ?? ''), accountUrl };
		return [{ ...adoptable, email: null, linkedAt: null, lastUsedAt: null }, ...links];
	}

	/** Counts the users linked to a provider, and those of them who have no password. */
	countLinked(): Promise<LinkedCount> {
		return this.#deps.store.oauthUnlinks.countLinked(this.#ways.isPasswordLoginOn);
	}

	get #ways(): SignInWays {
		return getSignInWays(this.#deps.settings.current);
	}

	/** Lists up to a hundred admins who could no longer sign in if everyone, or one user, were unlinked. */
	async listStrandedAdmins(auth: Auth, userId: string | null = null): Promise<StrandedView> {
		const links = { ...everyone, userId };
		const admins = await this.#deps.store.oauthUnlinks.listStrandedAdmins(links, this.#ways, mostStranded);
		return toStrandedView(auth, admins, this.#ways);
	}

	/** Returns what unlinking everyone would do. */
	async previewUnlinkAll(): Promise<z.input<typeof UnlinkAllPreviewDto>> {
		const [count, adminsWithoutPassword] = await Promise.all([
			this.countLinked(),
			this.#deps.store.oauthUnlinks.listStrandedAdmins(everyone, this.#ways, mostStranded)
		]);
		return { users: count.users, usersWithoutPassword: count.withoutPassword, adminsWithoutPassword };
	}

	/**
	 * Unlinks the caller from one provider or all. Sessions stay signed in.
	 * @throws {AppError} 400 as `unlink`
	 */
	async unlinkOwn(auth: Auth, providerId: string | null = null): Promise<UserAdmin> {
		const sessionId = getSessionId(auth);
		if (sessionId !== null) await this.#forgetSession(sessionId, providerId);
		return this.#unlink(auth, auth.user.id, providerId, true);
	}

	/** Keeps sign-out from redirecting to a provider that is no longer linked. */
	async #forgetSession(sessionId: string, providerId: string | null): Promise<void> {
		const { oauthIdentities, sessions } = this.#deps.store;
		const begun = providerId === null ? null : await oauthIdentities.findSession(sessionId);
		if (begun && (begun.providerId ?? firstProviderId) !== providerId) return;
		await sessions.setProviderSession(sessionId, null);
	}

	/**
	 * Unlinks everyone, if the confirmation states how many users that affects.
	 * @throws {AppError} 400 otherwise, or if an admin couldn't sign in afterwards
	 */
	async unlinkAllConfirmed(auth: Auth, confirmation: string): Promise<void> {
		const words = unlinkAllWords(await this.countLinked());
		if (confirmation.trim() !== words) throw notConfirmed(words);
		await this.unlinkAll(auth);
	}

	/**
	 * Unlinks everyone, including deleted users, and ends the sessions that providers started, except the caller's own.
	 * @throws {AppError} 400 if an admin could no longer sign in afterwards
	 */
	async unlinkAll(auth: Auth): Promise<void> {
		const { store, settings, log } = this.#deps;
		const total = await store.transaction(async (repositories) => {
			const { users, oauthUnlinks, audit } = repositories;
			await users.lockAdmins();
			await oauthUnlinks.lockAll();
			await requireLiveAdmin(repositories, auth);
			const ways = await readSignInWays(repositories, settings);
			refuseStranding(await oauthUnlinks.listStrandedAdmins(everyone, ways, mostStranded), ways);
			const { removed, sessionsEnded } = await oauthUnlinks.remove({
				...everyone,
				notice: notices.unlinkedByAdmin,
				sessions: { keptId: getSessionId(auth) }
			});
			const changes = { total: { from: null, to: removed }, ...endedChanges({ sessionsEnded }) };
			await audit.record(buildAuditEntry(auth, { action: 'oauth.unlinkAll', subject: null, changes }));
			return removed;
		});
		log.warn({ by: auth.user.id, total }, 'All accounts unlinked from their providers');
	}

	/**
	 * Unlinks a user from one provider or all, and ends the sessions started through it.
	 * @throws {AppError} 400 for an admin who could no longer sign in
	 */
	unlink(auth: Auth, userId: string, providerId: string | null = null): Promise<UserAdmin> {
		return this.#unlink(auth, userId, providerId, false);
	}

	async #unlink(auth: Auth, userId: string, providerId: string | null, isOwn: boolean): Promise<UserAdmin> {
		const { store, settings, log } = this.#deps;
		const unlinked = await store.transaction(async (repositories) => {
			const { users, oauthUnlinks, audit } = repositories;
			await users.lockAdmins();
			await users.lockForRemoval(userId);
			await (userId === auth.user.id ? requireLive : requireLiveAdmin)(repositories, auth);
			const links = { userId, providerId };
			const ways = await readSignInWays(repositories, settings);
			refuseStranding(await oauthUnlinks.listStrandedAdmins(links, ways, mostStranded), ways);
			const { removed, sessionsEnded } = await oauthUnlinks.remove({
				...links,
				notice: isOwn || userId === auth.user.id ? notices.unlinked : notices.unlinkedByAdmin,
				sessions: isOwn ? 'kept' : { keptId: getSessionId(auth) }
			});
			const user = requireUser(await users.find(userId, { isDeletedShown: true }));
			const changes = endedChanges({ sessionsEnded });
			if (removed > 0 || sessionsEnded > 0)
				await audit.record(buildAuditEntry(auth, { action: 'oauth.unlink', subject: user, changes }));
			return user;
		});
		log.info({ userId, by: auth.user.id }, 'Account unlinked from its providers');
		return toUserAdminDto(unlinked);
	}
}
