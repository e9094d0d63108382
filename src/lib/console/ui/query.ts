/** Gives the address of the same page with some query parameters changed; null takes one away, the others stay. */
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

/** The place in a paged list, for the address of a form that comes back to it: '&after=…', or nothing. */
export function placeIn(url: URL): string {
	const place = new URLSearchParams([...url.searchParams].filter(([name]) => placeNames.includes(name)));
	return place.size === 0 ? '' : `&${place.toString()}`;
}
