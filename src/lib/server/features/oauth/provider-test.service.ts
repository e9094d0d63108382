import { ImmichAuthConfigDto } from '#lib/contract/settings/document/immich-auth.ts';
import { AdminConfigDto } from '#lib/contract/settings/document/index.ts';
import { firstProviderId, type OAuthTestResult } from '#lib/contract/oauth/oauth.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import {
	listAllProviders,
	type OAuthProvider,
	type ProposedGroup,
	type SettingsReader,
	withoutPassword,
	settingsGroupNotFound
} from '#lib/server/features/settings/index.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import type { ProviderClient } from './provider-client.ts';
import { ProviderFailure } from './provider-failure.ts';
import type { OAuthStore } from './repositories.ts';
import type { UserRow } from '#lib/server/features/users/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { UserResolver, OAuthRefusal } from './user-resolver.ts';
import type { BegunFlow, FinishedFlow, OAuthFlowService } from './oauth-flow.service.ts';

interface Dependencies {
	readonly store: OAuthStore;
	readonly settings: SettingsReader;
	readonly flows: OAuthFlowService;
	readonly client: ProviderClient;
}

/** A started test, and what the provider already rejects about the settings. */
interface BegunTest extends BegunFlow {
	readonly warning: string | null;
}

/** Thrown to roll the transaction back; carries the user it would have signed in. */
class TestRollback extends Error {
	override readonly name = 'TestRollback';
	readonly user: UserRow;

	constructor(user: UserRow) {
		super('A test is rolled back');
		this.user = user;
	}
}

/** Lets admins sign in with a provider's unsaved settings, and shows what would happen. */
export class ProviderTestService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Starts a test of a settings group's provider with the proposed document.
	 * @throws {AppError} 404 if the group has no provider, 500 if the provider can't be discovered
	 */
	async begin(
		auth: Auth,
		{ group, document }: ProposedGroup,
		redirectUri: string,
		clientInfo: ClientInfo
	): Promise<BegunTest> {
		const { settings, flows, client } = this.#deps;
		const proposed =
			group.document === 'system'
				? { ...settings.documents, system: AdminConfigDto.parse(document) }
				: { ...settings.documents, immichAuth: ImmichAuthConfigDto.parse(document) };
		const provider = listAllProviders(settings.asInForce(proposed)).find(({ id }) => id === group.providerId);
		if (!provider) throw settingsGroupNotFound();
		try {
			const begun = await flows.begin({ redirectUri }, clientInfo, auth.user.id, provider);
			const asked = { authorizationUrl: begun.url, redirectUri };
			const warning = await client.check(provider, asked);
			await this.#record(auth, provider);
			return { ...begun, warning };
		} catch (error) {
			await this.#record(auth, provider, error instanceof AppError ? error.message : 'The provider does not answer');
			if (!(error instanceof AppError) || !(error.cause instanceof ProviderFailure)) throw error;
			// Only admins see what is wrong.
			throw new AppError(error.status, error.message, { cause: error.cause, shown: error.cause.fault });
		}
	}

	/** Records the tested URL, because that server receives the client secret. */
	async #record(auth: Auth, { id, issuerUrl }: OAuthProvider, refused?: string): Promise<void> {
		const setting = id === firstProviderId ? 'settings.oauth' : `settings.security.oauth.providers.${id}`;
		const changes = { [`${setting}.issuerUrl`]: { from: null, to: withoutPassword(issuerUrl) } };
		const reason = refused === undefined ? {} : { refused };
		await this.#deps.store.audit.record(
			buildAuditEntry(auth, { action: 'settings.try', subject: null, changes, ...reason })
		);
	}

	/** Returns the provider's claims, and what a sign-in would have done. */
	async finish(
		auth: Auth,
		dto: Parameters<OAuthFlowService['finish']>[0],
		clientInfo: ClientInfo
	): Promise<OAuthTestResult> {
		const finished = await this.#deps.flows.finish(dto, { kinds: ['try'], userId: auth.user.id });
		const claims = Object.entries(finished.verified.profile).map(([name, value]) => ({
			name,
			value: typeof value === 'string' ? value : JSON.stringify(value)
		}));
		return { claims, ...(await this.#getOutcome(finished, clientInfo)) };
	}

	async #getOutcome(
		{ provider, verified }: FinishedFlow,
		clientInfo: ClientInfo
	): Promise<Omit<OAuthTestResult, 'claims'>> {
		const { store, settings } = this.#deps;
		try {
			return await store.transaction(async (repositories): Promise<never> => {
				const { user } = await new UserResolver(repositories, settings, clientInfo).resolve(provider, verified);
				throw new TestRollback(user);
			});
		} catch (error) {
			if (error instanceof OAuthRefusal)
				return { outcome: 'refused', reason: error.error.details.shown ?? error.error.message, user: null };
			if (!(error instanceof TestRollback)) throw error;
			const { id, name, email, isAdmin, storageLabel, quotaSizeInBytes } = error.user;
			const user = {
				name,
				email,
				isAdmin,
				storageLabel,
				quotaSizeInBytes: quotaSizeInBytes === null ? null : Number(quotaSizeInBytes)
			};
			const isKnown = (await store.users.find(id)) !== null;
			const { identities } = await store.oauthIdentities.listByUser(id);
			const isLinked = identities.some(({ providerId }) => providerId === provider.id);
			return { outcome: !isKnown ? 'registered' : isLinked ? 'signedIn' : 'linked', reason: null, user };
		}
	}
}
