import { redirect } from '@sveltejs/kit';
import { action } from '#lib/server/platform/http/action.ts';
import { loadForAnyone } from '#lib/server/platform/http/load.ts';
import { getSetupSender } from '#lib/server/platform/http/local-request.ts';
import { signIn } from '#lib/server/features/sign-in/browser-session.http.ts';

export const load = loadForAnyone(async (event) => {
	const { auth } = event.locals.container.services;
	if (!(await auth.isSetupPending())) redirect(303, '/auth/login');
	return { host: event.url.host, needsCode: auth.isSetupCodeRequired(getSetupSender(event).isLocal) };
});

export const actions = {
	default: action(
		'signUpAdmin',
		async ({ body, clientInfo, services, event }) => {
			await services.auth.signUpAdmin(body, clientInfo, getSetupSender(event));
			await signIn(event, body);
		},
		() => '/'
	)
};
