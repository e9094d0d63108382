import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, id }) => {
	const [shownUser, password] = await Promise.all([services.userAdmin.get(id), services.userPassword.facts(id)]);
	return { shownUser, hasPin: password?.hasPin ?? false };
});

export const actions = {
	default: action(
		'clearPinCodeAdmin',
		({ auth, params, services }) => services.pinCode.clear(auth, params.id),
		({ params }) => `/admin/users/${params.id}`
	)
};
