import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { beginTest } from '#lib/server/features/oauth/oauth-sign-in.http.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

export const load = loadFor(async ({ services, event }) => {
	const { events } = await services.audit.list({ action: 'settings.update' }, undefined, 1);
	return {
		group: services.settingsGroup.page(event.params['group'] ?? ''),
		groups: services.settingsGroup.list(),
		providers: services.providerSettings.list(),
		lastChange: events[0] ?? null,
		origin: publicOrigin(event)
	};
});

export const actions = {
	tryProvider: action('changeSettings', async ({ auth, fields, params, services, event }) => {
		const { review, ...proposed } = await services.settingsGroup.propose(params.group, fields);
		return { ...review, ...(await beginTest(event, auth, proposed)) };
	}),
	review: action('changeSettings', ({ fields, params, services }) =>
		services.settingsGroup.review(params.group, fields)
	),
	save: action(
		'changeSettings',
		({ auth, fields, params, services }) => services.settingsGroup.save(auth, params.group, fields),
		({ params }, review) => (review === null ? `/admin/settings/${params.group}` : null)
	)
};
