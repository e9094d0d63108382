import { describe, expect, it } from 'vitest';
import { isEmbeddedElsewhere, normalizeOrigin, classifySender } from '#lib/server/platform/caller/request-site.ts';

const own = 'https://photos.example.test';
const at = (origin: string | null, site: string | null, server = own) =>
	classifySender(
		new Headers({ ...(origin !== null && { origin }), ...(site !== null && { 'sec-fetch-site': site }) }),
		server
	);

describe('classifySender', () => {
	it.each<[string | null, string | null, string]>([
		// Sec-Fetch-Site decides if the browser sends it.
		[own, 'same-origin', 'own'],
		[null, 'same-origin', 'own'],
		['null', 'same-origin', 'own'],
		['http://photos.example.test:8443', 'same-origin', 'own'],
		[null, 'Same-Origin', 'own'],
		[own, 'cross-site', 'foreign'],
		[null, 'cross-site', 'foreign'],
		[null, 'same-site', 'foreign'],
		['null', 'same-site', 'foreign'],
		[null, '', 'foreign'],
		[null, 'same-origin, cross-site', 'foreign'],
		[null, 'cross-site, same-origin', 'foreign'],
		// `none` means that no site sent it, unless Origin disagrees.
		[null, 'none', 'own'],
		[own, 'none', 'own'],
		['https://evil.test', 'none', 'foreign'],
		['null', 'none', 'foreign'],
		// Older browsers and plain http: Origin alone.
		[own, null, 'own'],
		['https://evil.test', null, 'foreign'],
		['http://photos.example.test', null, 'foreign'],
		[`${own}:8443`, null, 'foreign'],
		[`${own}.evil.test`, null, 'foreign'],
		[`${own}, https://evil.test`, null, 'foreign'],
		[`${own}/`, null, 'foreign'],
		[`https://evil.test/${own}`, null, 'foreign'],
		['https://user@photos.example.test', null, 'foreign'],
		['null', null, 'foreign'],
		['', null, 'foreign'],
		['photos.example.test', null, 'foreign'],
		['file://', null, 'foreign'],
		[null, null, 'unknown']
	])('Origin %j with Sec-Fetch-Site %j is %s', (origin, site, sender) => {
		expect(at(origin, site)).toBe(sender);
	});

	it.each([
		['HTTPS://Photos.Example.TEST', own],
		[`${own}:443`, own],
		[own, `${own}:443`],
		[own, 'wss://photos.example.test'],
		['http://nas', 'http://NAS:80'],
		['http://nas', 'ws://nas'],
		['http://[::1]:2283', 'http://[0:0:0:0:0:0:0:1]:2283'],
		['http://[2001:DB8::1]', 'http://[2001:db8:0:0::1]:80']
	])('treats %s as equal to %s', (origin, server) => {
		expect(at(origin, null, server)).toBe('own');
	});

	it.each([
		['https://nas', 'http://nas'],
		['http://nas:443', 'https://nas'],
		['http://nas', 'https://nas:80'],
		['http://nas.', 'http://nas'],
		['null', 'null'],
		['file://', 'file://'],
		['', '']
	])('distinguishes %j from %j', (origin, server) => {
		expect(at(origin, null, server)).toBe('foreign');
	});
});

describe('normalizeOrigin', () => {
	it.each(['', 'null', '://x', 'https://', 'https://a b', 'https://a/b', 'https://[::', 'https://a:99999', 'a:b'])(
		'returns nothing for %j',
		(text) => {
			expect(normalizeOrigin(text)).toBeNull();
		}
	);
});

describe('isEmbeddedElsewhere', () => {
	const from = (site: string, dest?: string) =>
		isEmbeddedElsewhere(new Headers({ 'sec-fetch-site': site, ...(dest && { 'sec-fetch-dest': dest }) }), own);

	it.each(['image', 'iframe', 'script', 'style', 'empty', 'object', 'audio'])(
		'is true for %s of another site',
		(dest) => {
			expect(from('cross-site', dest)).toBe(true);
			expect(from('same-site', dest)).toBe(true);
			expect(from('same-origin', dest)).toBe(false);
			expect(from('none', dest)).toBe(false);
		}
	);

	it('is false for a followed link, and for browsers that send no metadata', () => {
		expect(from('cross-site', 'document')).toBe(false);
		expect(isEmbeddedElsewhere(new Headers(), own)).toBe(false);
	});
});
