import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { SharedLinkRepositories } from './repositories.ts';

export function createSharedLinks(_platform: Platform<SharedLinkRepositories>) {
	return {} satisfies Feature;
}
