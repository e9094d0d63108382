export { type AssetsFeature, createAssets } from './feature.ts';
export { toAssetDto } from './asset-dto.ts';
export type { AssetFiles } from './asset-files.ts';
export type { AssetRepository, AssetRow } from './asset.repository.ts';
export { findMimeType } from './file-types.ts';
export { type AssetRepositories, assetRepositories } from './repositories.ts';
