import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { openApiDocument } from '#lib/server/features/api-docs/index.ts';

export const GET = endpoint('getApiDocument', () => openApiDocument());
