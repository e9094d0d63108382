import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { planMaintenance } from '#lib/server/features/maintenance/maintenance-token.http.ts';

export const GET = endpoint('getMaintenancePlan', ({ services }) => services.maintenance.view());
export const PUT = endpoint('setMaintenancePlan', ({ auth, body, event }) => planMaintenance(event, auth, body));
export const DELETE = endpoint('withdrawMaintenancePlan', ({ auth, services }) => services.maintenance.withdraw(auth));
