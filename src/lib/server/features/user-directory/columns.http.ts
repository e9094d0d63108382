import type { RequestEvent } from '@sveltejs/kit';
import { longestCookieSeconds, setCookie } from '#lib/server/platform/http/cookies.ts';
import { defaultUserColumns, userColumns, type UserColumn } from '#lib/contract/user-directory/user-directory.ts';

const cookieName = 'immich_auth_user_columns';

const known = (names: readonly string[]): UserColumn[] => userColumns.filter((column) => names.includes(column));

/** Returns the columns the list shows: from the URL, which also saves them, or else as saved. */
export function chosenColumns(event: Pick<RequestEvent, 'url' | 'cookies' | 'locals'>): readonly UserColumn[] {
	const { url, cookies } = event;
	const requested = url.searchParams.getAll('column');
	if (requested.length > 0) {
		const columns = known(requested);
		setCookie(event, cookieName, columns.join(' '), { maxAgeSeconds: longestCookieSeconds, path: '/admin/users' });
		return columns;
	}
	const remembered = cookies.get(cookieName);
	return remembered === undefined ? defaultUserColumns : known(remembered.split(' '));
}
