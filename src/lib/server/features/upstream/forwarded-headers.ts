import type { RequestSource } from '#lib/server/platform/caller/request-site.ts';

/** Only for one connection (RFC 9110 §7.6.1), or ours to write. */
const ofConnection = new Set([
	'connection',
	'expect',
	'keep-alive',
	'proxy-authenticate',
	'proxy-authorization',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade'
]);
const writtenHere = new Set(['forwarded', 'via', 'x-real-ip']);
/** Headers of ours are for us and our own clients. */
const isPrivate = (name: string): boolean => name.startsWith('x-immich-auth-');

/** Headers of which parsers could choose different ones. */
const single = new Set([
	'authorization',
	'content-length',
	'host',
	'origin',
	'sec-fetch-site',
	'transfer-encoding',
	'x-api-key',
	'x-immich-session-token',
	'x-immich-share-key',
	'x-immich-share-slug',
	'x-immich-user-token'
]);
/** Any other header named there would be removed after the auth hook has judged it. */
const connectionOptions = new Set(['', 'close', 'http2-settings', 'keep-alive', 'te', 'upgrade']);

function* pairs(raw: readonly string[]): Generator<readonly [name: string, sent: string, value: string]> {
	for (let index = 0; index < raw.length; index += 2) {
		const name = raw[index] ?? '';
		yield [name.toLowerCase(), name, raw[index + 1] ?? ''];
	}
}

/** Whether Immich certainly sees the same credentials in these headers as we do. */
export function areClear(raw: readonly string[]): boolean {
	const seen = new Set<string>();
	for (const [name, , value] of pairs(raw)) {
		if (
			name === 'connection' &&
			!value.split(',').every((option) => connectionOptions.has(option.trim().toLowerCase()))
		)
			return false;
		if (!single.has(name)) continue;
		if (seen.has(name)) return false;
		seen.add(name);
	}
	return true;
}

/** Whether a request has come through this server before. */
export const hasPassed = (raw: readonly string[], pseudonym: string): boolean =>
	[...pairs(raw)].some(([name, , value]) => name === 'via' && value.includes(pseudonym));

/** The headers that Immich gets, as names and values in turn: those that the client sent, and what a proxy adds. */
export function toForwardedHeaders(raw: readonly string[], source: RequestSource, pseudonym: string): string[] {
	const [scheme = '', host = ''] = source.origin.split('://');
	const passed = ['x-forwarded-for', source.address, 'x-forwarded-proto', scheme, 'x-forwarded-host', host];
	const vias: string[] = [];
	for (const [name, sent, value] of pairs(raw)) {
		if (name === 'via') vias.push(value);
		if (ofConnection.has(name) || writtenHere.has(name) || name.startsWith('x-forwarded-') || isPrivate(name)) continue;
		passed.push(sent, value);
	}
	return [...passed, 'via', [...vias, `1.1 ${pseudonym}`].join(', ')];
}

/** The headers of Immich's response that the client gets. */
export function toReturnedHeaders(raw: readonly string[]): string[] {
	const returned: string[] = [];
	for (const [name, sent, value] of pairs(raw))
		if (!ofConnection.has(name) && !isPrivate(name)) returned.push(sent, value);
	return returned;
}
