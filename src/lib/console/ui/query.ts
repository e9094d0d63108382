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

const positionParameters = ['show', 'after', 'before'];

/** Query for the position in a paged list, so that a form returns to it: '&after=…', or empty. */
export function keepPosition(url: URL): string {
	const position = new URLSearchParams([...url.searchParams].filter(([name]) => positionParameters.includes(name)));
	return position.size === 0 ? '' : `&${position.toString()}`;
}
