import { formatQuantity } from '../ui/format/count.ts';
import type { SessionPageQuery } from '#lib/contract/sessions/session-search.ts';

/** Returns the path of a page of sessions with this filter and position; empty values are left out. */
export function buildFilterPath(path: string, query: Partial<SessionPageQuery>): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(query))
		if (value !== undefined && value !== '') search.set(name, String(value));
	return search.size === 0 ? path : `${path}?${search.toString()}`;
}

/** Describes a filter in words, one phrase for each condition. */
export function describeFilter({ q, device, appVersion, address, idleDays }: Partial<SessionPageQuery>): string[] {
	const phrases: string[] = [];
	if (q) phrases.push(`User matches ‘${q}’`);
	if (device) phrases.push(`Device contains ‘${device}’`);
	if (appVersion) phrases.push(`App version starts with ‘${appVersion}’`);
	if (address) phrases.push(`Last used from ${address}`);
	if (idleDays !== undefined) phrases.push(`Not used for ${formatQuantity(idleDays, 'day')} or more`);
	return phrases;
}

export const idleOptions = [
	{ value: '', label: 'Any time' },
	{ value: '1', label: '1 day or more' },
	{ value: '7', label: '7 days or more' },
	{ value: '30', label: '30 days or more' },
	{ value: '90', label: '90 days or more' }
];
