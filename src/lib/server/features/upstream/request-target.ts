/** What a request asks for, as far as our parser and Immich's certainly agree. */
export interface RequestTarget {
	/** As sent. */
	readonly path: string;
	/** The path without percent-encoding. */
	readonly decodedPath: string;
	readonly query: URLSearchParams;
	readonly isApi: boolean;
}

/** Parameters that are credentials of Immich. Source: docs/wire-reference/credentials.md#where-credentials-are-accepted. */
const credentialParameters = new Set(['key', 'slug', 'sessionKey', 'apiKey']);
/** Immich's parser ignores those after the 1,000th. */
const maxParameters = 500;
/** A path decoded this many times is still read as one. */
const decodings = 3;

const printable = /^[\x21\x22\x24-\x7e]+$/;

/**
 * Reads the target of a request. Null for one that could mean something else to Immich than to us: the auth hook must judge
 * exactly what is forwarded.
 */
export function readTarget(url: string): RequestTarget | null {
	if (!url.startsWith('/') || !printable.test(url)) return null;
	const end = url.indexOf('?');
	const path = end === -1 ? url : url.slice(0, end);
	const query = readQuery(end === -1 ? '' : url.slice(end + 1));
	const decodedPath = decode(path);
	if (!query || decodedPath === null) return null;
	const isApi = mayMeanApi(path);
	return isApi && !isPlainApiPath(path) ? null : { path, decodedPath, query, isApi };
}

function readQuery(text: string): URLSearchParams | null {
	if (text.split('&', maxParameters + 1).length > maxParameters) return null;
	const query = new URLSearchParams(text);
	const seen = new Set<string>();
	for (const name of query.keys()) {
		// Immich's parser makes lists and objects of `key[]=` and of repeated names.
		const [base = ''] = name.split(/[.[]/, 1);
		if (!credentialParameters.has(base)) continue;
		if (name !== base || seen.has(base)) return null;
		seen.add(base);
	}
	return query;
}

function decode(path: string): string | null {
	try {
		return decodeURIComponent(path);
	} catch {
		return null;
	}
}

const decodeBytes = (text: string): string =>
	text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** The segments under the most lenient reading: backslashes separate, and empty parts, parameters, spaces and case don't count. */
const readLeniently = (text: string): string[] =>
	text
		.toLowerCase()
		.split(/[/\\]/)
		.map((segment) => segment.replace(/;.*$/s, '').replace(/[\p{Cc} ]/gu, ''))
		.filter((segment) => segment !== '' && segment !== '.');

function resolveDots(segments: readonly string[]): string[] {
	const kept: string[] = [];
	for (const segment of segments)
		if (segment === '..') kept.pop();
		else kept.push(segment);
	return kept;
}

/** Whether any reading of a path is below /api. */
function mayMeanApi(path: string): boolean {
	let text = path;
	for (let level = 0; level <= decodings; level++) {
		const segments = readLeniently(text);
		if (segments[0] === 'api' || resolveDots(segments)[0] === 'api') return true;
		// Most paths have nothing to decode.
		if (!text.includes('%')) return false;
		text = decodeBytes(text);
	}
	return false;
}

/** Whether a path has one reading: nothing is encoded that needn't be, and nothing decodes to a separator. */
const isPlainApiPath = (path: string): boolean =>
	/^\/api(?:\/|$)/i.test(path) &&
	!/[;\\]|\/\/|\/\.{1,2}(?:\/|$)/.test(path) &&
	// Control characters by their codes: other bytes are parts of letters.
	!/%(?:[01][\da-f]|7f)/i.test(path) &&
	[...path.matchAll(/%[\da-f]{2}/gi)].every(([encoded]) => !/[\w.~\-/\\%;]/.test(decodeBytes(encoded)));
