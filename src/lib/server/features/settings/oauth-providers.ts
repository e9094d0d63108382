import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import type { OAuthProviderSettings } from '#lib/contract/settings/document/oauth-providers.ts';
import type { Settings } from './settings-reader.ts';

/** A provider that people sign in through, with all that was set of it. */
export interface OAuthProvider extends Omit<OAuthProviderSettings, 'position'> {
	readonly id: string;
}

/** Lists the providers that are switched on, Immich’s own before all others. */
export const providersOf = (settings: Settings): OAuthProvider[] =>
	allProvidersOf(settings).filter(({ enabled }) => enabled);

/** Lists those that are switched off too: the one place that makes providers of the settings. */
export function allProvidersOf({ system, immichAuth }: Settings): OAuthProvider[] {
	const { first, providers } = immichAuth.oauth;
	const others = Object.entries(providers).map(([id, provider]) => ({ id, ...provider }));
	return [
		{ id: firstProviderId, ...system.oauth, ...first },
		...others.sort((one, other) => one.position - other.position || one.id.localeCompare(other.id))
	];
}

/** What a provider is called among people: its host; empty where there is no address. */
export const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : '');

const mobileCallback = /app\.immich:\/+oauth-callback/g;

/** Puts the address that the provider knows where the mobile app’s own stands. Source: wire reference 4.2. */
export const rewriteMobile = (provider: OAuthProvider, url: string): string =>
	provider.mobileOverrideEnabled && provider.mobileRedirectUri !== ''
		? url.replace(mobileCallback, () => provider.mobileRedirectUri)
		: url;
