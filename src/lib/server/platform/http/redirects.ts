/** A redirect's headers must fit into the 4 kB that proxies such as nginx allow, along with three cookies. */
const longestPath = 1_000;

/**
 * Returns a `continue` parameter only if it leads to a page of this server: one slash, then no host, no backslash, no control
 * character (CVE-2026-28512: `https://good@evil/`).
 */
export function safePath(wanted: string | null, otherwise = '/'): string {
	if (!wanted || wanted.length > longestPath || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wanted)) return otherwise;
	const base = 'http://here.invalid';
	const url = new URL(wanted, base);
	const found = url.pathname + url.search + url.hash;
	return url.origin === base && !url.pathname.startsWith('//') && found.length <= longestPath ? found : otherwise;
}

/** Returns the path to another page that leads back to the current one; for a form action, to the page with the form. */
export function pathBack(path: string, { pathname, searchParams }: URL): string {
	const isWanted = pathname !== '/' && pathname !== '/auth/logout';
	// SvelteKit names a form action in a query parameter: `?/endOthers`.
	const kept = new URLSearchParams([...searchParams].filter(([name]) => !name.startsWith('/')));
	const wanted = kept.size === 0 ? pathname : `${pathname}?${kept.toString()}`;
	const continued = [wanted, pathname].map(encodeURIComponent).find((text) => text.length <= longestPath);
	return isWanted && continued !== undefined ? `${path}?continue=${continued}` : path;
}
