import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { AlbumRepositories } from './repositories.ts';

export function createAlbums(_platform: Platform<AlbumRepositories>) {
	return {} satisfies Feature;
}
