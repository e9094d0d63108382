import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getStorageTemplateOptions', ({ services }) => services.settings.storageTemplateOptions());
