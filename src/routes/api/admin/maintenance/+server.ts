import { endpoint } from '#lib/server/http/endpoint.ts';
import { clearMaintenanceCookie, setMaintenanceCookie } from '#lib/server/http/maintenance-cookie.ts';

export const POST = endpoint('setMaintenanceMode', async ({ auth, body, services, event }) => {
	setMaintenanceCookie(event, await services.maintenance.set(auth, body));
	if (body.action === 'end') clearMaintenanceCookie(event);
});
