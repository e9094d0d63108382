import type { Sent } from './http.ts';

type Kind = 'shareKey' | 'shareSlug' | 'session' | 'apiKey';

/** One of the places where a request can carry a credential. */
export interface Place {
	readonly name: string;
	readonly kind: Kind;
	/** Returns a request part with the value in this place. */
	readonly put: (value: string) => { readonly headers?: Record<string, string>; readonly query?: string };
	/** The error message for an invalid credential. */
	readonly refusal: string;
}

const refusals: Record<Kind, string> = {
	shareKey: 'Invalid share key',
	shareSlug: 'Invalid share slug',
	session: 'Invalid user token',
	apiKey: 'Invalid API key'
};

const header = (kind: Kind, name: string, write = (value: string) => value): Place => ({
	name,
	kind,
	put: (value) => ({ headers: { [name]: write(value) } }),
	refusal: refusals[kind]
});

const parameter = (kind: Kind, name: string): Place => ({
	name: `?${name}`,
	kind,
	put: (value) => ({ query: `${name}=${encodeURIComponent(value)}` }),
	refusal: refusals[kind]
});

/** All eleven, in order of precedence. Source: docs/wire-reference/credentials.md#where-credentials-are-accepted. */
export const places: readonly Place[] = [
	header('shareKey', 'x-immich-share-key'),
	parameter('shareKey', 'key'),
	header('shareSlug', 'x-immich-share-slug'),
	parameter('shareSlug', 'slug'),
	header('session', 'x-immich-user-token'),
	header('session', 'x-immich-session-token'),
	parameter('session', 'sessionKey'),
	header('session', 'authorization', (token) => `Bearer ${token}`),
	header('session', 'cookie', (token) => `immich_access_token=${token}`),
	header('apiKey', 'x-api-key'),
	parameter('apiKey', 'apiKey')
];

export const usablePlaces = places.filter(({ kind }) => kind === 'session' || kind === 'apiKey');

/** Each place paired with each later one. */
export const listPairs = (all: readonly Place[]) =>
	all.flatMap((first, index) =>
		all.slice(index + 1).map((second) => ({ name: `${first.name} before ${second.name}`, first, second }))
	);

/** Builds a request's path and headers with a value in each of the given places. */
export function putAll(path: string, values: readonly (readonly [Place, string])[]): [string, Sent] {
	const parts = values.map(([place, value]) => place.put(value));
	const query = parts.flatMap((part) => part.query ?? []).join('&');
	const headers = Object.fromEntries(parts.flatMap((part) => Object.entries(part.headers ?? {})));
	return [query === '' ? path : `${path}?${query}`, { headers }];
}
