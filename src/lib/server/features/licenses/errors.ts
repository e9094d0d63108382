import { badRequest } from '#lib/server/platform/errors.ts';

export const invalidLicenseKey = () => badRequest('Invalid license key');
