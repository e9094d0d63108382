import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('createProfileImage', ({ auth, body, services }) =>
	services.profileImages.set(auth, body.file)
);
export const DELETE = endpoint('deleteProfileImage', ({ auth, services }) => services.profileImages.remove(auth));
