export { createLicenses } from './feature.ts';
