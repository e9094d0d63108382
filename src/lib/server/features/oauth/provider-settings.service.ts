import { firstProviderId, type ListedProvider } from '#lib/contract/oauth/oauth.ts';
import { providerGroupId } from '#lib/contract/settings/groups/index.ts';
import { ImmichAuthConfigDto, type ImmichAuthConfig } from '#lib/contract/settings/document/immich-auth.ts';
import { mostProviders, oauthProviderDefaults } from '#lib/contract/settings/document/oauth-providers.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import {
	listAllProviders,
	listProviders,
	type OAuthProvider,
	getHost,
	mostStranded,
	type SettingsReader,
	type SettingsWriter,
	getSignInWays,
	type StrandedView,
	toStrandedView,
	settingsGroupNotFound
} from '#lib/server/features/settings/index.ts';
import { providerNameTaken, providersFull } from './errors.ts';
import type { ProviderClient } from './provider-client.ts';
import { providerFailure } from './provider-failure.ts';
import type { OAuthStore } from './repositories.ts';

interface Dependencies {
	readonly store: OAuthStore;
	readonly settings: SettingsReader;
	readonly writer: SettingsWriter;
	readonly client: ProviderClient;
}

/** A provider that doesn't answer as one. */
interface SilentProvider {
	readonly id: string;
	/** What is wrong, for admins. */
	readonly fault: string;
}

type Providers = ImmichAuthConfig['oauth']['providers'];

const lastPosition = 100;
/** How long a provider has to answer. */
const answerMs = 5_000;

/** Adds, removes and lists additional providers. The settings of each are a settings group. */
export class ProviderSettingsService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Lists all providers in the order of the sign-in page, including disabled ones. */
	list(): ListedProvider[] {
		return listAllProviders(this.#deps.settings.current).map((provider) => ({
			id: provider.id,
			groupId: provider.id === firstProviderId ? 'oauth' : providerGroupId(provider.id),
			buttonText: provider.buttonText,
			host: getHost(provider.issuerUrl),
			isEnabled: provider.enabled
		}));
	}

	/**
	 * Finds the provider of a settings group, how many users are linked to it, and the admins who can sign in now, if
	 * no admin could without it.
	 * @throws {AppError} 404 if the group has no provider
	 */
	async find(auth: Auth, groupId: string): Promise<{ provider: ListedProvider; users: number; admins: StrandedView }> {
		const provider = this.list().find((one) => one.groupId === groupId && one.id !== firstProviderId);
		if (!provider) throw settingsGroupNotFound();
		const { oauthIdentities, oauthUnlinks } = this.#deps.store;
		const before = getSignInWays(this.#deps.settings.current);
		const after = { ...before, providerIds: before.providerIds.filter((id) => id !== provider.id) };
		const [users, lockedOut] = await Promise.all([
			oauthIdentities.countByProvider(provider.id),
			oauthUnlinks.listLockedOutAdmins(before, after, mostStranded)
		]);
		return { provider, users, admins: toStrandedView(auth, lockedOut, after) };
	}

	/**
	 * Lists the enabled providers that don't answer now, if no admin could sign in through another one. Empty as well if no
	 * admin could sign in through a provider anyway.
	 */
	async listSilent(): Promise<readonly SilentProvider[]> {
		const { store, settings, client } = this.#deps;
		const enabled = listProviders(settings.current);
		const faults = await Promise.all(
			enabled.map((provider) =>
				client.rediscover({ ...provider, timeout: Math.min(provider.timeout, answerMs) }).then(
					() => null,
					(error: unknown) => ({ id: provider.id, fault: providerFailure(error).fault })
				)
			)
		);
		const silent = faults.filter((fault) => fault !== null);
		const toWays = (providers: readonly OAuthProvider[]) => ({
			isPasswordLoginOn: false,
			providerIds: providers.map(({ id }) => id)
		});
		const answering = enabled.filter(({ id }) => !silent.some((one) => one.id === id));
		const stranded = await store.oauthUnlinks.listLockedOutAdmins(toWays(enabled), toWays(answering), 1);
		return stranded.length > 0 ? silent : [];
	}

	/**
	 * Adds a disabled provider, and returns the ID of its settings group.
	 * @throws {AppError} 400 if the name is taken or there are too many providers
	 */
	async add(auth: Auth, id: string): Promise<string> {
		await this.#change(auth, (providers) => {
			if (id in providers) throw providerNameTaken();
			const positions = Object.values(providers).map(({ position }) => position);
			if (positions.length >= mostProviders) throw providersFull();
			const position = Math.min(Math.max(0, ...positions) + 1, lastPosition);
			const buttonText = `Sign in with ${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`;
			return { ...providers, [id]: { ...oauthProviderDefaults, position, buttonText } };
		});
		return providerGroupId(id);
	}

	/**
	 * Removes a provider. Its users stay linked, but can't sign in through it.
	 * @throws {AppError} 404 if there is no such provider, 400 if no admin could sign in afterwards
	 */
	async remove(auth: Auth, groupId: string): Promise<void> {
		await this.#change(auth, (providers) => {
			const entries = Object.entries(providers);
			const kept = entries.filter(([id]) => providerGroupId(id) !== groupId);
			if (kept.length === entries.length) throw settingsGroupNotFound();
			return Object.fromEntries(kept);
		});
	}

	async #change(auth: Auth, decide: (providers: Providers) => Providers): Promise<void> {
		await this.#deps.writer.change(auth, 'immichAuth', (current) => {
			const config = ImmichAuthConfigDto.parse(current);
			return { ...config, oauth: { ...config.oauth, providers: decide(config.oauth.providers) } };
		});
	}
}
