import { firstProviderId } from '#lib/contract/oauth.ts';
import type { AdminConfigOAuthDto } from '#lib/contract/system-config/oauth.ts';
import type { z } from 'zod';
import type { Settings } from '../config/settings.ts';

type Group = z.output<typeof AdminConfigOAuthDto>;

/** A provider that people sign in through, with all that was set of it. */
export interface OAuthProvider extends Omit<Group, 'tokenEndpointAuthMethod'> {
	readonly id: string;
	readonly tokenEndpointAuthMethod: Group['tokenEndpointAuthMethod'] | 'none';
	/** Label, quota and role follow the provider at each sign-in, not at registration alone. */
	readonly applyClaimsAtSignIn: boolean;
	/** Whether a verified e-mail also links accounts that have a password, as Immich does it; never administrators’. */
	readonly linkByEmail: 'withoutPassword' | 'verified';
	/** Lets pictures of persons come from private networks. */
	readonly allowPrivatePictures: boolean;
	/** Refuses logout tokens whose `typ` is not `logout+jwt`. */
	readonly requireLogoutTokenType: boolean;
}

/** Lists the providers in force, the first of them Immich’s own: the one place that reads them from the settings. */
export const providersOf = ({ system }: Settings): OAuthProvider[] =>
	system.oauth.enabled ? [firstProviderOf(system.oauth)] : [];

/** Makes a provider of Immich's group, whether it is switched on or not. */
export const firstProviderOf = (oauth: Group): OAuthProvider => ({
	...oauth,
	id: firstProviderId,
	applyClaimsAtSignIn: false,
	linkByEmail: 'withoutPassword',
	allowPrivatePictures: false,
	requireLogoutTokenType: true
});

const mobileCallback = /app\.immich:\/+oauth-callback/g;

/** Puts the address that the provider knows where the mobile app’s own stands. Source: wire reference 4.2. */
export const rewriteMobile = (provider: OAuthProvider, url: string): string =>
	provider.mobileOverrideEnabled && provider.mobileRedirectUri !== ''
		? url.replace(mobileCallback, () => provider.mobileRedirectUri)
		: url;
