export { createSharedLinks } from './feature.ts';
export { sharedLinkNotFound } from './errors.ts';
export { nameLinkTarget } from './link-content.ts';
export { toSharedLinkSummary } from './shared-link-dto.ts';
export type { LinkName, SharedLinkSummaryRow } from './shared-link-rows.ts';
export type { SharedLinkRepository } from './shared-link.repository.ts';
export { sharedLinkRepositories } from './repositories.ts';
