import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getMaintenanceNotice', ({ services }) => services.maintenance.notice());
