import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('exportAuditEvents', ({ query: { format, ...filter }, services }) =>
	services.audit.export(format, filter)
);
