export { describeApi, listApi } from './api-reference.ts';
export { openApiDocument } from './openapi.ts';
