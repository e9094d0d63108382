import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCredential } from '#lib/server/platform/caller/credentials.ts';
import { places, putAll, usablePlaces, type Place } from '#tests/support/places.ts';

/** Possible secrets in a header, without the cookie's own separators. */
const secret = fc.stringMatching(/^[\w.~+/-]{1,40}$/);
const chosen = fc.array(fc.tuple(fc.constantFrom(...places), fc.option(secret, { nil: '' })), { maxLength: 11 });
const anyHeader = fc.constantFrom('authorization', 'cookie', 'x-api-key', 'x-immich-user-token', 'x-immich-share-key');
const anyValue = fc
	.string({ unit: 'binary', maxLength: 200 })
	.map((text) => text.replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, ''));

/** Looks for a credential in a request with these values in these places; the last value of a place wins. */
function find(values: readonly (readonly [Place, string])[], isQueryAccepted = true) {
	const [path, { headers = {} }] = putAll('/', [...new Map(values)]);
	const source = {
		headers: new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])),
		query: new URL(path, 'http://x').searchParams
	};
	return findCredential(source, isQueryAccepted);
}

describe('findCredential', () => {
	it('returns the first non-empty one in the order of the places, whatever else is there', () => {
		fc.assert(
			fc.property(chosen, (values) => {
				const given = new Map(values);
				const first = places.find((place) => (given.get(place) ?? '') !== '');
				const found = find(values);
				expect(found?.kind).toBe(first?.kind);
				expect(found?.secret).toBe(first && given.get(first));
			})
		);
	});

	it('marks what another site can make a browser send: the cookie and the query', () => {
		const forgeable = ['cookie', '?sessionKey', '?apiKey'];
		for (const place of usablePlaces)
			expect(find([[place, 'x']])).toMatchObject({ isAmbient: forgeable.includes(place.name) });
	});

	it('ignores tokens and keys in the query if that is disabled', () => {
		for (const place of places.filter(({ name }) => name === '?sessionKey' || name === '?apiKey'))
			expect(find([[place, 'x']], false)).toBeNull();
	});

	it('never throws, whatever the headers contain', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(anyHeader, anyValue)), (headers) => {
				expect(() =>
					findCredential({ headers: new Headers(headers), query: new URLSearchParams() }, true)
				).not.toThrow();
			})
		);
	});

	it('never returns an empty secret', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(anyHeader, anyValue)), fc.string(), (headers, query) => {
				const found = findCredential({ headers: new Headers(headers), query: new URLSearchParams(query) }, true);
				expect(found?.secret).not.toBe('');
			})
		);
	});
});
