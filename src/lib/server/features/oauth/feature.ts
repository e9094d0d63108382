import type { AuditOutcome } from '#lib/contract/audit/audit.ts';
import type { AccessFeature } from '#lib/server/features/access/index.ts';
import type { ProfileImagesFeature } from '#lib/server/features/profile-images/index.ts';
import type { SessionsFeature } from '#lib/server/features/sessions/index.ts';
import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { SignInLimitsFeature } from '#lib/server/features/sign-in-limits/index.ts';
import type { SignInFeature } from '#lib/server/features/sign-in/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { FlowLimit } from './flow-limit.ts';
import { IssuerClaims } from './issuer-claims.ts';
import { OAuthFlowService } from './oauth-flow.service.ts';
import { OAuthLinkService } from './oauth-link.service.ts';
import { OAuthLogoutService } from './oauth-logout.service.ts';
import { OAuthPictures } from './pictures.ts';
import { OAuthService } from './oauth.service.ts';
import { ProviderClient } from './provider-client.ts';
import { ProviderSettingsService } from './provider-settings.service.ts';
import { ProviderTestService } from './provider-test.service.ts';
import type { OAuthStore } from './repositories.ts';

interface Needed {
	readonly access: AccessFeature;
	readonly settings: SettingsFeature;
	readonly sessions: SessionsFeature;
	readonly signInLimits: SignInLimitsFeature;
	readonly signIn: SignInFeature;
	readonly profileImages: ProfileImagesFeature;
	readonly metrics: { readonly countSignIn: (outcome: AuditOutcome) => void };
}

export function createOAuth({ store, pool, log }: Platform<OAuthStore>, needed: Needed) {
	const { access, sessions, signInLimits, signIn, metrics } = needed;
	const { profileImage: profileImages } = needed.profileImages.services;
	const { reader: settings, writer, key } = needed.settings;
	const client = new ProviderClient();
	const issuers = new IssuerClaims({ store, settings, client });
	// Another instance may have saved them.
	settings.onChange(() => client.forget());
	needed.settings.watchProviders({ issuers, onSaved: () => client.forget() });
	const flows = new OAuthFlowService({ store, settings, issuers, client, key, limit: new FlowLimit(pool, log) });
	return {
		services: {
			oauthFlow: flows,
			oauth: new OAuthService({
				store,
				settings,
				flows,
				sessions: sessions.sessions,
				signInAttempts: signInLimits.attempts,
				pictures: new OAuthPictures({ profileImages, log }),
				log,
				onSignIn: metrics.countSignIn
			}),
			oauthLink: new OAuthLinkService({ store, flows, proofs: access.proofs, settings, log }),
			providerTest: new ProviderTestService({ store, settings, flows, client }),
			oauthLogout: new OAuthLogoutService({ store, settings, issuers, client, auth: signIn.services.auth, key, log }),
			providerSettings: new ProviderSettingsService({ store, settings, writer, client })
		},
		cleanup: { flows: () => store.oauthFlows.removeExpired() }
	} satisfies Feature;
}
