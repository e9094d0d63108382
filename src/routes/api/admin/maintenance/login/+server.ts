import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { signInToMaintenance } from '#lib/server/features/maintenance/maintenance-token.http.ts';

export const POST = endpoint('maintenanceLogin', ({ body, event }) => signInToMaintenance(event, body.token));
