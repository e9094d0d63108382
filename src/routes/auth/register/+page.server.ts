import { redirect } from '@sveltejs/kit';
import { action } from '#lib/server/http/action.ts';
import { loadForAnyone } from '#lib/server/http/load.ts';
import { signIn } from '#lib/server/http/sign-in.ts';

export const load = loadForAnyone(async ({ locals, url }) => {
	if (!(await locals.container.services.auth.isSetupPending())) redirect(303, '/auth/login');
	return { host: url.host };
});

export const actions = {
	default: action(
		'signUpAdmin',
		async ({ body, origin, services, event }) => {
			await services.auth.signUpAdmin(body, origin);
			await signIn(event, body);
		},
		() => '/'
	)
};
