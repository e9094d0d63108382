import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { AssetRepositories } from './repositories.ts';

export function createAssets(_platform: Platform<AssetRepositories>) {
	return {} satisfies Feature;
}
