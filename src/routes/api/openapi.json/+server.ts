import { endpoint } from '#lib/server/http/endpoint.ts';
import { openApiDocument } from '#lib/server/http/openapi.ts';

export const GET = endpoint('getApiDocument', () => openApiDocument());
