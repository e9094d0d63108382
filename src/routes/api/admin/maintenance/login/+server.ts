import { endpoint } from '#lib/server/http/endpoint.ts';
import { signInToMaintenance } from '#lib/server/http/maintenance-sign-in.ts';

export const POST = endpoint('maintenanceLogin', ({ body, event }) => signInToMaintenance(event, body.token));
