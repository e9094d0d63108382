export { createSharing } from './feature.ts';
export { sharingRepositories } from './repositories.ts';
