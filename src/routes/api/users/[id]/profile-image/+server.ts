import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getProfileImage', ({ params, query, services }) =>
	services.profileImage.get(params.id, query.updatedAt)
);
