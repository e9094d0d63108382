export { createAssets } from './feature.ts';
export { toAssetDto, toOwnAssetDto } from './asset-dto.ts';
export type { AssetRepository, AssetRow } from './asset.repository.ts';
export { assetRepositories, type AssetRepositories } from './repositories.ts';
