export { createProfileImages, type ProfileImagesFeature } from './feature.ts';
export type { ProfileImageFiles } from './profile-image-files.ts';
export { readVipsVersion } from './profile-image-resizer.ts';
export type { ProfileImageService } from './profile-image.service.ts';
