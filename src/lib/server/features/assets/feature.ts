import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { UsersFeature } from '#lib/server/features/users/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { AssetFiles } from './asset-files.ts';
import { AssetJobs } from './asset-jobs.ts';
import { AssetMediaService } from './asset-media.service.ts';
import { removeDeletedAssets, removeExpiredAssets, findFilesOfUser, removeOrphanedFiles } from './asset-removal.ts';
import { AssetMetadataService } from './asset-metadata.service.ts';
import { AssetSearchService } from './asset-search.service.ts';
import { AssetService } from './asset.service.ts';
import { AssetUploadService } from './asset-upload.service.ts';
import { ImageMaker } from './image-maker.ts';
import type { AssetStore } from './repositories.ts';
import { extractMetadata, generateMissingThumbnails, generateThumbnails } from './thumbnail-jobs.ts';
import { ThumbnailMaker } from './thumbnail-maker.ts';
import { TimelineService } from './timeline.service.ts';

interface Needed {
	readonly settings: SettingsFeature;
	readonly users: UsersFeature;
}

export function createAssets(
	{ store, env, log }: Platform<AssetStore>,
	{ settings: { reader: settings }, users }: Needed
) {
	const files = new AssetFiles(env.dataDir);
	const jobs = new AssetJobs(log);
	const thumbnails = new ThumbnailMaker({ store, files, images: new ImageMaker(), settings, log });
	const removal = { store, files, settings, log };
	const made = { store, thumbnails };
	users.onRemoval(findFilesOfUser({ store, files }));
	const isNightly = () => settings.current.system.nightlyTasks.databaseCleanup;
	return {
		files,
		services: {
			assetFiles: files,
			asset: new AssetService({ store, jobs }),
			assetUpload: new AssetUploadService({ store, files, jobs, log }),
			assetMedia: new AssetMediaService({ store, files, thumbnails }),
			assetMetadata: new AssetMetadataService(store),
			assetSearch: new AssetSearchService(store),
			timeline: new TimelineService(store)
		},
		jobs: {
			AssetExtractMetadata: { queue: 'metadataExtraction', work: extractMetadata(made), isImmichs: true },
			AssetGenerateThumbnails: { queue: 'thumbnailGeneration', work: generateThumbnails(made), isImmichs: true },
			AssetGenerateThumbnailsQueueAll: {
				queue: 'backgroundTask',
				work: generateMissingThumbnails(made),
				isImmichs: true,
				isNightly: () => settings.current.system.nightlyTasks.missingThumbnails
			},
			AssetDelete: { queue: 'backgroundTask', work: removeDeletedAssets(removal), isImmichs: true },
			AssetDeleteCheck: { queue: 'backgroundTask', work: removeExpiredAssets(removal), isNightly, isImmichs: true },
			IntegrityUntrackedFiles: {
				queue: 'backgroundTask',
				work: removeOrphanedFiles(removal),
				isNightly,
				isImmichs: true
			}
		},
		useQueue: (add) => jobs.use(add)
	} satisfies Feature;
}
