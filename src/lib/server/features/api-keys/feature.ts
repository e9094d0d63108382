import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { ApiKeyAdminService } from './api-key-admin.service.ts';
import { ApiKeyDetailsService } from './api-key-details.service.ts';
import { ApiKeyService } from './api-key.service.ts';
import type { ApiKeyStore } from './repositories.ts';
import { UsageRecorder } from './usage-recorder.ts';

export function createApiKeys({ store, log }: Platform<ApiKeyStore>) {
	const usage = new UsageRecorder(store.apiKeyUsage, log);
	const apiKeys = new ApiKeyService(store);
	return {
		usage,
		services: {
			apiKey: apiKeys,
			apiKeyDetails: new ApiKeyDetailsService({ store, apiKeys, usage }),
			apiKeyAdmin: new ApiKeyAdminService({ store, usage, log })
		},
		cleanup: { apiKeyUsage: () => store.apiKeyUsage.removeOutdated() },
		stop: { name: 'use of API keys', run: () => usage.stop() }
	} satisfies Feature;
}
