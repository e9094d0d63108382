import { quotaOfBytes } from '#lib/contract/users/quota.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id }) => {
	const [shownUser, status, isProofNeeded] = await Promise.all([
		services.userAdmin.get(id),
		services.auth.status(auth),
		services.user.isProofNeeded(auth)
	]);
	const { name, email, storageLabel, quotaSizeInBytes, isAdmin } = shownUser;
	const values = { name, email, storageLabel: storageLabel ?? '', quota: quotaOfBytes(quotaSizeInBytes), isAdmin };
	const isSelf = shownUser.id === auth.user.id;
	return { shownUser, values, isSelf, isProofNeeded: isSelf && isProofNeeded, hasPassword: status.password };
});

export const actions = {
	default: action(
		'updateUserAdmin',
		({ auth, params, body, services }) => services.userAdmin.update(auth, params.id, body),
		({ params }) => `/admin/users/${params.id}`
	)
};
