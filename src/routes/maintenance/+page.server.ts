import { redirect } from '@sveltejs/kit';
import { action } from '#lib/server/platform/http/action.ts';
import {
	clearMaintenanceCookie,
	signInToMaintenance
} from '#lib/server/features/maintenance/maintenance-token.http.ts';
import { safePath } from '#lib/server/platform/http/redirects.ts';
import type { PageServerLoad } from './$types';

const wayBack = (url: URL): string => safePath(url.searchParams.get('continue'));

export const load: PageServerLoad = ({ locals, url }) => {
	const { state, message, expectedEndAt, endsAt } = locals.container.services.maintenance.view();
	if (state !== 'on') redirect(303, wayBack(url));
	const isHolder = locals.auth?.credential.kind === 'maintenance';
	return {
		host: url.host,
		message,
		expectedEndAt,
		/** The automatic end only matters to users who can extend it. */
		endsAt: isHolder ? endsAt : null,
		holder: isHolder ? (locals.auth?.user.name ?? '') : null,
		continuePath: wayBack(url),
		token: url.searchParams.get('token')
	};
};

export const actions = {
	login: action(
		'maintenanceLogin',
		({ body, event }) => signInToMaintenance(event, body.token),
		({ event }) => `/maintenance?continue=${encodeURIComponent(wayBack(event.url))}`
	),
	end: action(
		'setMaintenanceMode',
		async ({ auth, services, event }) => {
			await services.maintenance.set(auth, { action: 'end' });
			clearMaintenanceCookie(event);
		},
		({ event }) => wayBack(event.url)
	),
	keep: action(
		'keepMaintenance',
		({ auth, body, services }) => services.maintenance.keep(auth, body.minutes),
		({ event }) => `/maintenance?continue=${encodeURIComponent(wayBack(event.url))}`
	)
};
