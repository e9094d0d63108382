import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { PartnerRequestService } from './partner-request.service.ts';
import { PartnerService } from './partner.service.ts';
import type { PartnerStore } from './repositories.ts';

interface Needed {
	readonly settings: SettingsFeature;
}

export const createPartners = ({ store }: Platform<PartnerStore>, { settings }: Needed) =>
	({
		services: {
			partner: new PartnerService({ store, settings: settings.reader }),
			partnerRequest: new PartnerRequestService(store)
		},
		cleanup: { partnerRequests: () => store.partnerRequests.removeExpired() }
	}) satisfies Feature;
