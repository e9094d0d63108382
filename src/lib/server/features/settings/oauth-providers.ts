import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import type { OAuthProviderSettings } from '#lib/contract/settings/document/oauth-providers.ts';
import type { Settings } from './settings-reader.ts';

/** A provider that users can sign in with, and its settings. */
export interface OAuthProvider extends Omit<OAuthProviderSettings, 'position'> {
	readonly id: string;
}

/** Lists the enabled providers, Immich’s own first. */
export const listProviders = (settings: Settings): OAuthProvider[] =>
	listAllProviders(settings).filter(({ enabled }) => enabled);

/** Lists all providers, including disabled ones. The only place that derives providers from the settings. */
export function listAllProviders({ system, immichAuth }: Settings): OAuthProvider[] {
	const { first, providers } = immichAuth.oauth;
	const others = Object.entries(providers).map(([id, provider]) => ({ id, ...provider }));
	return [
		{ id: firstProviderId, ...system.oauth, ...first },
		...others.sort((one, other) => one.position - other.position || one.id.localeCompare(other.id))
	];
}

/** The name shown for a provider: its host; empty without a valid URL. */
export const getHost = (address: string): string => (URL.canParse(address) ? new URL(address).host : '');

const mobileCallback = /app\.immich:\/+oauth-callback/g;

/**
 * Replaces the mobile app’s redirect URI with the one registered at the provider.
 * Source: docs/wire-reference/oauth.md#rewriting-the-redirect-uri.
 */
export const rewriteMobile = (provider: OAuthProvider, url: string): string =>
	provider.mobileOverrideEnabled && provider.mobileRedirectUri !== ''
		? url.replace(mobileCallback, () => provider.mobileRedirectUri)
		: url;
