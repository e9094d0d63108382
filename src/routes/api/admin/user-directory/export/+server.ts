import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('exportUsers', ({ query: { format, sort, direction, ...filter }, services }) =>
	services.userDirectory.export(format, filter, sort, direction === 'desc')
);
