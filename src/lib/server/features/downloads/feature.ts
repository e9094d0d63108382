import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { DownloadService } from './download.service.ts';
import type { DownloadStore } from './repositories.ts';

export function createDownloads({ store, env }: Platform<DownloadStore>) {
	return { services: { download: new DownloadService({ store, dataDir: env.dataDir }) } } satisfies Feature;
}
