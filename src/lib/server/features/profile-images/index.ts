export { ProfileImageFiles } from './profile-image-files.ts';
export { readVipsVersion, SquareMaker } from './profile-image-resizer.ts';
export { ProfileImageService } from './profile-image.service.ts';
