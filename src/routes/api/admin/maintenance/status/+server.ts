import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getMaintenanceStatus', ({ services }) => services.maintenance.status());
