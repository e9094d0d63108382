import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { LicenseService } from './license.service.ts';
import type { LicenseStore } from './repositories.ts';

export const createLicenses = ({ store, env }: Platform<LicenseStore>) =>
	({ services: { license: new LicenseService(store, env.licensePublicKeys) } }) satisfies Feature;
