import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('checkReadiness', async ({ services }) => ({
	...(await services.serverFacts.checkReadiness()),
	...services.upstream.latest()
}));
