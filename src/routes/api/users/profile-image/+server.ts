import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('createProfileImage', ({ auth, body, services }) =>
	services.profileImage.set(auth, body.file)
);
export const DELETE = endpoint('deleteProfileImage', ({ auth, services }) => services.profileImage.remove(auth));
