import type { z } from 'zod';
import {
	firstProviderId,
	unlinkAllWords,
	type LinkedCount,
	type LinkedProvider,
	type OAuthCallbackDto
} from '#lib/contract/oauth.ts';
import type { UserAdmin } from '#lib/contract/user.ts';
import { sessionIdOf, type Auth } from '../auth/auth.ts';
import { notConfirmed, oauthLinkedElsewhere, userNotFound } from '../errors.ts';
import type { Log } from '../log.ts';
import { emailOf } from '../oauth/profile.ts';
import { hostOf } from '../oauth/provider.ts';
import type { FlowKind } from '../repositories/oauth-flow.repository.ts';
import { IdentityTakenError } from '../repositories/oauth-identity.repository.ts';
import type { Store } from '../repositories/store.ts';
import { entryOf } from './audit-entry.ts';
import { requireLive, requireLiveAdmin } from './live-credential.ts';
import type { FinishedFlow, OAuthFlowService } from './oauth-flow.service.ts';
import { toUserAdminDto } from './user-dto.ts';

interface Dependencies {
	readonly store: Store;
	readonly flows: OAuthFlowService;
	readonly log: Log;
}

/** Which flows a caller may finish: a program any of its own, a page only one that was begun there for its reader. */
const kindsOf = { program: ['signIn', 'link'], page: ['link'] } as const satisfies Record<string, readonly FlowKind[]>;

/** Links accounts with providers, and unlinks them. */
export class OAuthLinkService {
	readonly #with: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#with = dependencies;
	}

	/** Links one's own account by what the provider has answered. Throws 400 where that is somebody else's. */
	async link(auth: Auth, dto: z.output<typeof OAuthCallbackDto>, by: keyof typeof kindsOf): Promise<UserAdmin> {
		const finished = await this.#with.flows.finish(dto, { kinds: kindsOf[by], userId: auth.user.id });
		try {
			return await this.#link(auth, finished);
		} catch (error) {
			throw error instanceof IdentityTakenError ? oauthLinkedElsewhere() : error;
		}
	}

	async #link(auth: Auth, { provider, verified }: FinishedFlow): Promise<UserAdmin> {
		const { id } = auth.user;
		const { issuer, profile, providerSessionId: sid, idToken } = verified;
		const identity = { providerId: provider.id, issuer, subject: profile.sub };
		const isFirst = provider.id === firstProviderId;
		const user = await this.#with.store.transaction(async (repositories) => {
			const { users, oauthIdentities, sessions, audit } = repositories;
			await users.lock(id);
			await requireLive(repositories, auth);
			const owner = await oauthIdentities.findOwner(identity);
			if (owner && owner.userId !== id) throw oauthLinkedElsewhere();
			// Whom Immich has linked keeps the subject until the first sign-in, which makes an identity of it.
			const adoptable = isFirst && !owner ? await oauthIdentities.listAdoptable(provider.id, profile.sub) : [];
			if (adoptable.some((other) => other !== id)) throw oauthLinkedElsewhere();
			if (!owner) {
				await oauthIdentities.removeOfProvider(id, provider.id);
				await oauthIdentities.add({ ...identity, userId: id, email: emailOf(profile) });
			}
			const sessionId = sessionIdOf(auth);
			if (sessionId !== null) await sessions.setProviderSession(sessionId, { sid, idToken });
			const linked = isFirst ? await users.update(id, { oauthId: profile.sub }) : await users.find(id);
			if (!linked) throw userNotFound();
			await audit.record(entryOf(auth, { action: 'oauth.link' }));
			return linked;
		});
		this.#with.log.info({ userId: id, provider: provider.id }, 'Account linked to a provider');
		return toUserAdminDto(user);
	}

	/** Lists by which providers an account can be signed in to. */
	async linksOf(userId: string): Promise<LinkedProvider[]> {
		const { identities, immichSubject } = await this.#with.store.oauthIdentities.listOf(userId);
		const providers = this.#with.flows.providers();
		const accountUrlOf = (wanted: string) => providers.find(({ id }) => id === wanted)?.accountManagementUrl ?? '';
		const links = identities.map(({ providerId, issuer, email, linkedAt, lastUsedAt }) => ({
			providerId,
			host: hostOf(issuer),
			email,
			linkedAt: linkedAt.toISOString(),
			lastUsedAt: lastUsedAt?.toISOString() ?? null,
			accountUrl: accountUrlOf(providerId)
		}));
		if (immichSubject === '' || identities.some(({ providerId }) => providerId === firstProviderId)) return links;
		const first = providers.find(({ id }) => id === firstProviderId);
		const accountUrl = accountUrlOf(firstProviderId);
		const adoptable = { providerId: firstProviderId, host: hostOf(first?.issuerUrl ?? ''), accountUrl };
		return [{ ...adoptable, email: null, linkedAt: null, lastUsedAt: null }, ...links];
	}

	countLinked(): Promise<LinkedCount> {
		return this.#with.store.oauthIdentities.countLinked();
	}

	/** Unlinks one's own account, from one provider or from all. Sessions go on. */
	async unlinkOwn(auth: Auth, providerId: string | null = null): Promise<UserAdmin> {
		const sessionId = sessionIdOf(auth);
		if (sessionId !== null) await this.#forgetSession(sessionId, providerId);
		return (await this.unlink(auth, auth.user.id, providerId)).user;
	}

	/** Signing out no longer leads to a provider that the account is not linked to any more. */
	async #forgetSession(sessionId: string, providerId: string | null): Promise<void> {
		const { oauthIdentities, sessions } = this.#with.store;
		const begun = providerId === null ? null : await oauthIdentities.findSession(sessionId);
		if (begun && (begun.providerId ?? firstProviderId) !== providerId) return;
		await sessions.setProviderSession(sessionId, null);
	}

	/** Unlinks everybody, once it has been typed how many that are. */
	async unlinkAllConfirmed(auth: Auth, confirmation: string): Promise<void> {
		const words = unlinkAllWords(await this.countLinked());
		if (confirmation.trim() !== words) throw notConfirmed(words);
		await this.unlinkAll(auth);
	}

	/** Unlinks everybody, deleted accounts included. */
	async unlinkAll(auth: Auth): Promise<void> {
		const total = await this.#with.store.transaction(async (repositories) => {
			const { oauthIdentities, audit } = repositories;
			await oauthIdentities.lockAll();
			await requireLiveAdmin(repositories, auth);
			const people = await oauthIdentities.remove(null);
			const changes = { total: { from: null, to: people } };
			await audit.record(entryOf(auth, { action: 'oauth.unlinkAll', subject: null, changes }));
			return people;
		});
		this.#with.log.warn({ by: auth.user.id, total }, 'All accounts unlinked from their providers');
	}

	/** Unlinks somebody, from one provider or from all, and tells whether they are left with no way in. */
	async unlink(
		auth: Auth,
		userId: string,
		providerId: string | null = null
	): Promise<{ user: UserAdmin; isShutOut: boolean }> {
		const result = await this.#with.store.transaction(async (repositories) => {
			const { users, oauthIdentities, audit } = repositories;
			await users.lockForRemoval(userId);
			await (userId === auth.user.id ? requireLive : requireLiveAdmin)(repositories, auth);
			const removed = await oauthIdentities.remove(userId, providerId);
			const user = await users.find(userId, { isDeletedShown: true });
			if (!user) throw userNotFound();
			if (removed > 0) await audit.record(entryOf(auth, { action: 'oauth.unlink', subject: user }));
			const secrets = await users.findSecrets(userId);
			const left = await oauthIdentities.listOf(userId);
			const isLinked = left.identities.length > 0 || left.immichSubject !== '';
			return { user: toUserAdminDto(user), isShutOut: secrets?.passwordHash === null && !isLinked };
		});
		this.#with.log.info({ userId, by: auth.user.id }, 'Account unlinked from its providers');
		return result;
	}
}
