import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getFirstStepsAdmin', ({ services }) => services.overview.firstSteps());

export const PUT = endpoint('updateFirstStepsAdmin', ({ auth, body, services }) =>
	services.overview.setFirstSteps(auth, body)
);
