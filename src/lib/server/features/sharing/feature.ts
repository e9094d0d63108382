import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { SharingStore } from './repositories.ts';
import { SharingService } from './sharing.service.ts';

export function createSharing({ store }: Platform<SharingStore>) {
	return { services: { sharing: new SharingService(store) } } satisfies Feature;
}
