export { LicenseService } from './license.service.ts';
