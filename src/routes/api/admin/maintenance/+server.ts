import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import {
	clearMaintenanceCookie,
	setMaintenanceCookie
} from '#lib/server/features/maintenance/maintenance-token.http.ts';

export const POST = endpoint('setMaintenanceMode', async ({ auth, body, services, event }) => {
	setMaintenanceCookie(event, await services.maintenance.set(auth, body));
	if (body.action === 'end') clearMaintenanceCookie(event);
});
