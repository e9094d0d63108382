import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { planMaintenance } from '#lib/server/features/maintenance/maintenance-token.http.ts';

export const load = loadFor(async ({ services }) => ({
	plan: services.maintenance.view(),
	signedInCount: await services.maintenance.countSignedIn()
}));

export const actions = {
	plan: action(
		'setMaintenancePlan',
		({ auth, body, event }) => planMaintenance(event, auth, body),
		// While maintenance mode is on, this redirects to the maintenance page, which leads back here.
		() => '/admin/maintenance'
	),
	withdraw: action(
		'withdrawMaintenancePlan',
		({ auth, services }) => services.maintenance.withdraw(auth),
		() => '/admin/maintenance'
	)
};
