import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getMaintenanceNotice', ({ services }) => services.maintenance.notice());
