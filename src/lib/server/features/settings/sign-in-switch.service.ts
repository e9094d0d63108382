import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import { withLeaves } from '#lib/contract/settings/document/leaves.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { providerIncomplete, providerUnknown, settingsLocked } from './errors.ts';
import { listAllProviders, type OAuthProvider } from './oauth-providers.ts';
import { lockOn, type SettingLock } from './setting-locks.ts';
import type { SettingsReader } from './settings-reader.ts';
import type { Decisions, SettingsWriter } from './settings-writer.ts';

interface Dependencies {
	readonly settings: SettingsReader;
	readonly writer: SettingsWriter;
	readonly locks: readonly SettingLock[];
}

const isConfigured = ({ issuerUrl, clientId }: OAuthProvider): boolean => issuerUrl !== '' && clientId !== '';

/** Switches ways to sign in, for the server's command line. */
export class SignInSwitchService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Enables or disables sign-in with passwords.
	 * @throws {AppError} 400 as SettingsWriter.change
	 */
	async setPasswords(auth: Auth, isEnabled: boolean): Promise<void> {
		const changes = new Map([['passwordLogin.enabled', isEnabled]]);
		await this.#deps.writer.change(auth, 'system', (current) => withLeaves(current, changes));
	}

	/**
	 * Enables or disables sign-in through one provider or through all, and returns those that it is about. Of all, only those
	 * with an issuer URL and a client ID are enabled; if none has them, the first is, as in Immich.
	 * @throws {AppError} 400 as SettingsWriter.changeAll, if there is no such provider, or if it lacks settings
	 */
	async setProviders(auth: Auth, isEnabled: boolean, id?: string): Promise<readonly OAuthProvider[]> {
		const { settings, writer, locks } = this.#deps;
		const chosen = this.#choose(isEnabled, id);
		const lock = lockOn(locks, 'system', 'oauth.enabled');
		const first = chosen.find((provider) => provider.id === firstProviderId);
		// What is stored may already be what is wanted, and yet not be in force.
		if (lock && first && first.enabled !== isEnabled) throw settingsLocked(lock.refusal);
		const others = chosen.filter((provider) => provider.id !== firstProviderId).map((provider) => provider.id);
		const paths = others.map((other) => [`oauth.providers.${other}.enabled`, isEnabled] as const);
		const decisions: Decisions = {
			...(first &&
				first.enabled !== isEnabled && {
					system: (current) => withLeaves(current, new Map([['oauth.enabled', isEnabled]]))
				}),
			...(paths.length > 0 && { immichAuth: (current) => withLeaves(current, new Map(paths)) })
		};
		if (Object.keys(decisions).length > 0) await writer.changeAll(auth, decisions);
		return listAllProviders(settings.current).filter((provider) => chosen.some((one) => one.id === provider.id));
	}

	#choose(isEnabled: boolean, id: string | undefined): readonly OAuthProvider[] {
		const all = listAllProviders(this.#deps.settings.current);
		if (id === undefined) {
			if (!isEnabled) return all.filter(({ enabled }) => enabled);
			const configured = all.filter(isConfigured);
			return configured.length > 0 ? configured : all.slice(0, 1);
		}
		const provider = all.find((one) => one.id === id);
		if (!provider)
			throw providerUnknown(
				id,
				all.map((one) => one.id)
			);
		if (isEnabled && !isConfigured(provider)) throw providerIncomplete(id);
		return [provider];
	}
}
