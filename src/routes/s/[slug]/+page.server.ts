import { enterLinkPassword, loadLinkPage } from '#lib/server/features/shared-links/link-page.http.ts';
import { action } from '#lib/server/platform/http/action.ts';

export const load = loadLinkPage;

export const actions = {
	login: action(
		'openSharedLink',
		({ body, event }) => enterLinkPassword(event, body.password),
		({ event }) => event.url.pathname
	)
};
