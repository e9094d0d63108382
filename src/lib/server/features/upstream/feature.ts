import { randomBytes } from 'node:crypto';
import type { ApiKeyRepositories } from '#lib/server/features/api-keys/index.ts';
import type { MaintenanceFeature } from '#lib/server/features/maintenance/index.ts';
import type { SessionsFeature } from '#lib/server/features/sessions/index.ts';
import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { Forwarder } from './forwarder.ts';
import { OpenRequests } from './open-requests.ts';
import { UpstreamHealth } from './upstream-health.ts';
import { UpstreamService } from './upstream.service.ts';

interface Needed {
	readonly settings: SettingsFeature;
	readonly sessions: SessionsFeature;
	readonly maintenance: MaintenanceFeature;
}

export function createUpstream(
	{ store, env, log }: Platform<ApiKeyRepositories>,
	{ settings: { reader: settings }, sessions: { sessions }, maintenance }: Needed
) {
	const origin = env.upstreamUrl;
	if (origin === undefined)
		return { upstream: null, services: { upstream: new UpstreamService(null) } } satisfies Feature;
	const forwarder = new Forwarder(origin);
	const open = new OpenRequests({
		sessions,
		apiKeys: store.apiKeys,
		isPasswordChangeEnforced: () => settings.current.immichAuth.passwords.enforceChange,
		log
	});
	maintenance.listen({ onSwitch: () => open.cutAll() });
	const health = new UpstreamHealth(origin);
	return {
		upstream: {
			origin,
			forwarder,
			open,
			/** Names this process in `Via` (RFC 9110 §7.6.3). */
			pseudonym: `immich-auth-${randomBytes(6).toString('hex')}`
		},
		services: { upstream: new UpstreamService(health) },
		changes: { people: (userId) => open.onUser(userId) },
		start: () => void health.check(),
		stop: {
			name: 'forwarded requests',
			run: async () => {
				await open.stop();
				await forwarder.stop();
			}
		}
	} satisfies Feature;
}

export type Upstream = NonNullable<ReturnType<typeof createUpstream>['upstream']>;
