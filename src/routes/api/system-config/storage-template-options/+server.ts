import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getStorageTemplateOptions', ({ services }) => services.settings.storageTemplateOptions());
