import { action } from '#lib/server/http/action.ts';
import { load as loadFor } from '#lib/server/http/load.ts';

export const load = loadFor(async ({ services }) => ({ count: await services.oauthLinks.countLinked() }));

export const actions = {
	default: action(
		'unlinkAllOAuthAccountsAdmin',
		({ auth, fields, services }) => services.oauthLinks.unlinkAllConfirmed(auth, fields.confirmation),
		() => '/admin/settings/oauth'
	)
};
