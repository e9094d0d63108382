import { action } from '#lib/server/platform/http/action.ts';
import { toUploads } from '#lib/console/statistics/uploads.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services }) => {
	const [shownUser, statistics, heatmap, status, isProofNeeded] = await Promise.all([
		services.user.getMe(auth),
		services.userStatistics.count(auth.user.id, {}),
		services.userStatistics.heatmap(auth.user.id, { type: 'Upload' }),
		services.auth.status(auth),
		services.user.isProofNeeded(auth)
	]);
	return {
		shownUser,
		statistics,
		uploads: toUploads(heatmap),
		hasOwnColor: auth.user.avatarColor !== null,
		isProofNeeded,
		hasPassword: status.password
	};
});

const page = '/account/profile';

export const actions = {
	save: action(
		'updateMyUser',
		({ auth, body, services }) => services.user.updateMe(auth, body),
		() => page
	),
	setPicture: action(
		'createProfileImage',
		({ auth, body, services }) => services.profileImage.set(auth, body.file),
		() => page
	),
	removePicture: action(
		'deleteProfileImage',
		({ auth, services }) => services.profileImage.remove(auth),
		() => page
	)
};
