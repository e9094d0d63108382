import type { UserDirectoryQuery } from '#lib/contract/user-directory.ts';

const uuidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The call that reads the list: as much of its filter as the interface knows, and a remark on the rest. */
export function listCall({ q, role, status }: UserDirectoryQuery): { path: string; remark?: string } {
	const isId = uuidPattern.test(q);
	const query = new URLSearchParams({
		...(isId && { id: q.toLowerCase() }),
		...((status === 'deleted' || status === 'all') && { withDeleted: 'true' })
	});
	const isNarrower = (q !== '' && !isId) || role !== undefined || (status !== undefined && status !== 'all');
	return {
		path: query.size > 0 ? `/api/admin/users?${query.toString()}` : '/api/admin/users',
		...(isNarrower && { remark: 'The interface lists more than the page: it does not search by name, role or status.' })
	};
}
