export { createPartners } from './feature.ts';
export { partnerRepositories } from './repositories.ts';
