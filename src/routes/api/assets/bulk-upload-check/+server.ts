import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('checkBulkUpload', ({ auth, body, services }) => services.assetUpload.check(auth, body));
