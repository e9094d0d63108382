/** Returns the current URL with changed query parameters; null removes one. */
export function withQuery(url: URL, changes: Readonly<Record<string, string | number | null>>): string {
	const parameters = new URLSearchParams(url.search);
	for (const [name, value] of Object.entries(changes)) {
		if (value === null || value === '') parameters.delete(name);
		else parameters.set(name, String(value));
	}
	const search = parameters.toString();
	return search === '' ? url.pathname : `${url.pathname}?${search}`;
}

const placeNames = ['show', 'after', 'before'];

/** Query for the position in a paged list, so that a form returns to it: '&after=…', or empty. */
export function placeIn(url: URL): string {
	const place = new URLSearchParams([...url.searchParams].filter(([name]) => placeNames.includes(name)));
	return place.size === 0 ? '' : `&${place.toString()}`;
}
