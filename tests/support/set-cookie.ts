/** Reads name and value of a Set-Cookie header. */
export function parseSetCookie(header: string): [string, string] {
	const [pair = ''] = header.split(';');
	const at = pair.indexOf('=');
	return [pair.slice(0, at), pair.slice(at + 1)];
}

/** Builds the Cookie header from a server's Set-Cookie headers. */
export const toCookieHeader = (setCookies: readonly string[]): string =>
	setCookies
		.map(parseSetCookie)
		.filter(([, value]) => value !== '')
		.map(([name, value]) => `${name}=${value}`)
		.join('; ');
