/**
 * Takes a `continue` parameter as a way on only if it leads to a page of this server: one slash, then no host, no
 * backslash, no control character (CVE-2026-28512: `https://good@evil/`).
 */
export function safePath(wanted: string | null, otherwise = '/'): string {
	if (!wanted || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wanted)) return otherwise;
	const base = 'http://here.invalid';
	const url = new URL(wanted, base);
	return url.origin === base && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : otherwise;
}
