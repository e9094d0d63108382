import type { AccessFeature } from '#lib/server/features/access/index.ts';
import type { SettingsDirectRepositories, SettingsFeature } from '#lib/server/features/settings/index.ts';
import { AccessTokens } from '#lib/server/platform/caller/access-tokens.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { Authenticator } from './authenticator.ts';
import type { SessionStore } from './repositories.ts';
import { SessionAdminService } from './session-admin.service.ts';
import { oldestAllowed } from './session-age.ts';
import { SessionLists } from './session-list.ts';
import { SessionSearchService } from './session-search.service.ts';
import { SessionManager } from './session-manager.ts';
import { SessionService } from './session.service.ts';

interface Needed {
	readonly access: AccessFeature;
	readonly settings: SettingsFeature;
}

export async function createSessions(
	{ store, log }: Platform<SessionStore & SettingsDirectRepositories>,
	{ access, settings: { reader: settings } }: Needed
) {
	const { identities } = access;
	const tokens = new AccessTokens(await store.signingSecrets.getOrCreate('session'));
	const sessions = new SessionManager(store.sessions, identities, tokens, settings);
	const lists = new SessionLists(store, settings);
	const { sessionCleanup } = store;
	return {
		sessions,
		lists,
		authenticator: new Authenticator({ sessions, identities, linkVisitors: access.linkVisitors, settings }),
		services: {
			session: new SessionService({ store, sessions, lists }),
			sessionAdmin: new SessionAdminService({ store, lists, log }),
			sessionSearch: new SessionSearchService({ store, settings, log })
		},
		cleanup: {
			sessions: () => sessionCleanup.endSessions(oldestAllowed(settings.current.immichAuth.sessions, new Date())),
			devices: () => sessionCleanup.forgetDevices(),
			networks: () => sessionCleanup.forgetNetworks()
		}
	} satisfies Feature;
}

export type SessionsFeature = Awaited<ReturnType<typeof createSessions>>;
