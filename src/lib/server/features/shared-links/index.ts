export { createSharedLinks } from './feature.ts';
export type { LinkName, SharedLinkRepository } from './shared-link.repository.ts';
export { sharedLinkRepositories } from './repositories.ts';
