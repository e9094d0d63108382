export { createDownloads } from './feature.ts';
export { downloadRepositories } from './repositories.ts';
