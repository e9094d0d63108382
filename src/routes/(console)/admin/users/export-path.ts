import type { UserDirectoryQuery } from '#lib/contract/user-directory/user-directory.ts';

/** URL for exporting all pages of the list. */
export function exportPath({ after: _, before: __, ...filter }: UserDirectoryQuery, format: 'csv' | 'json'): string {
	const query = Object.entries({ ...filter, format }).flatMap(([name, value]) =>
		value ? [`${name}=${encodeURIComponent(value)}`] : []
	);
	return `/api/admin/user-directory/export?${query.join('&')}`;
}
