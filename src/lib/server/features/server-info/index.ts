export { LibraryStatisticsRepository } from './library-statistics.repository.ts';
export { Readiness } from './readiness.ts';
export { ReleaseWatch } from './release-watch.ts';
export { ServerFactsService } from './server-facts.service.ts';
export { ServerRepository } from './server.repository.ts';
export { ServerService, spokenTag } from './server.service.ts';
export { serverInfoDirectRepositories } from './repositories.ts';
