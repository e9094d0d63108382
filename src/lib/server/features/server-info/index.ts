export { createServerInfo, type ServerInfoFeature } from './feature.ts';
export type { ReleaseWatch } from './release-watch.ts';
export type { ServerRepository } from './server.repository.ts';
export type { ServerService } from './server.service.ts';
export { serverInfoDirectRepositories } from './repositories.ts';
