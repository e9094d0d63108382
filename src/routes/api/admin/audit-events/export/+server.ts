import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('exportAuditEvents', ({ query: { format, ...filter }, services }) =>
	services.audit.export(format, filter)
);
