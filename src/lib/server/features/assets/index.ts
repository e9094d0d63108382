export { createAssets } from './feature.ts';
export { toAssetDto } from './asset-dto.ts';
export type { AssetRepository, AssetRow } from './asset.repository.ts';
export { assetRepositories } from './repositories.ts';
