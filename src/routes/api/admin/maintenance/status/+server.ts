import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getMaintenanceStatus', ({ services }) => services.maintenance.status());
