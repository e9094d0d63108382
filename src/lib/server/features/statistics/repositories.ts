import type { Connection } from '#lib/server/platform/database/store.ts';
import { AssetRepository } from './asset.repository.ts';

export const statisticsRepositories = ({ prisma }: Connection) => ({ assets: new AssetRepository(prisma) });

export type StatisticsRepositories = ReturnType<typeof statisticsRepositories>;
