import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAuditEvents', ({ query: { cursor, limit, ...filter }, services }) =>
	services.audit.list(filter, cursor, limit)
);
