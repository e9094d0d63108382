import { dayMs } from '#lib/contract/day.ts';
import { AuditFilter, type AuditPageQuery } from '#lib/contract/audit/audit.ts';

/**
 * Converts the page's query to a filter; null if nothing can match, because no user has been chosen yet or a value is
 * invalid. The last day counts as a whole.
 */
export function toAuditFilter({ who, user, action, outcome, from, to, address }: AuditPageQuery): AuditFilter | null {
	if (who !== '' && user === undefined) return null;
	const nextDay = to !== undefined && new Date(Date.parse(to) + dayMs).toISOString();
	const filter = AuditFilter.safeParse({
		user,
		action,
		outcome,
		...(from !== undefined && { from: `${from}T00:00:00.000Z` }),
		...(nextDay && { to: nextDay }),
		...(address !== '' && { address })
	});
	return filter.data ?? null;
}
