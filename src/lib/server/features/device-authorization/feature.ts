import type { AuditOutcome } from '#lib/contract/audit/audit.ts';
import type { SessionsFeature } from '#lib/server/features/sessions/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { DeviceAuthorizationService } from './device-authorization.service.ts';
import { DeviceCodeLimits } from './device-code-limits.ts';
import type { DeviceAuthorizationStore } from './repositories.ts';

interface Needed {
	readonly sessions: SessionsFeature;
	readonly metrics: { readonly countSignIn: (outcome: AuditOutcome) => void };
}

export const createDeviceAuthorization = (
	{ store, pool, log }: Platform<DeviceAuthorizationStore>,
	{ sessions: { sessions }, metrics: { countSignIn: onSignIn } }: Needed
) =>
	({
		services: {
			deviceAuthorization: new DeviceAuthorizationService({
				store,
				sessions,
				limits: new DeviceCodeLimits(pool),
				log,
				onSignIn
			})
		},
		cleanup: { deviceAuthorizations: () => store.deviceAuthorizations.removeExpired() }
	}) satisfies Feature;
