import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { ProfileImageFiles } from './profile-image-files.ts';
import { ProfileImageResizer } from './profile-image-resizer.ts';
import { ProfileImageService } from './profile-image.service.ts';
import type { ProfileImageStore } from './repositories.ts';

export function createProfileImages({ store, env, log, immich }: Platform<ProfileImageStore>) {
	const files = new ProfileImageFiles(env.dataDir);
	return {
		files,
		services: {
			profileImage: new ProfileImageService({ store, files, resizer: new ProfileImageResizer(), immich, log })
		}
	} satisfies Feature;
}

export type ProfileImagesFeature = ReturnType<typeof createProfileImages>;
