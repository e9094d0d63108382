import { dayMs } from '#lib/contract/day.ts';
import type { AuditPageQuery } from '#lib/contract/audit/audit.ts';

/** API path of the page's data: one page, or with a format a file of all pages. */
export function auditPath(
	{ user, action, outcome, from, to, address }: AuditPageQuery,
	file?: { format: 'csv' | 'json' }
): string {
	const query = {
		user,
		action,
		outcome,
		from: from && `${from}T00:00:00.000Z`,
		to: to && new Date(Date.parse(to) + dayMs).toISOString(),
		address,
		...file
	};
	const search = Object.entries(query).flatMap(([name, value]) =>
		value ? [`${name}=${encodeURIComponent(value)}`] : []
	);
	const path = `/api/admin/audit-events${file ? '/export' : ''}`;
	return search.length > 0 ? `${path}?${search.join('&')}` : path;
}
