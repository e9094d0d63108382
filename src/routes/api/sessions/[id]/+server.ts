import { endIfOwn } from '#lib/server/platform/http/cookies.ts';
import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const PUT = endpoint('updateSession', ({ auth, params, body, services }) =>
	services.session.update(auth, params.id, body)
);
export const PATCH = PUT;
export const DELETE = endpoint('deleteSession', async ({ auth, params, services, event }) => {
	await services.session.end(auth, params.id);
	endIfOwn(event, params.id);
});
