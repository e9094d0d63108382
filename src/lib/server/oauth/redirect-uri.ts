/**
 * Whether a provider may be asked to lead back there: to a website, or to an app by a scheme that is named after its
 * maker's domain and so has a dot (RFC 8252 §7.1), which no scheme has that browsers run or open by themselves. Nobody's name
 * may stand before the host, where it could be taken for the host (CVE-2026-28512: `https://good@evil/`).
 */
export function isRedirectUri(text: string): boolean {
	const url = URL.canParse(text) ? new URL(text) : null;
	return url !== null && url.username === '' && url.password === '' && /^https?:$|\./.test(url.protocol);
}
