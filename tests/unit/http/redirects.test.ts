import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathBack, safePath } from '#lib/server/platform/http/redirects.ts';

const here = 'http://photos.example.test';
const piece = fc.constantFrom(
	'/',
	'\\',
	'//',
	'.',
	'..',
	'@',
	':',
	'?',
	'#',
	'%2f',
	'%5c',
	'\t',
	'\n',
	'\r',
	'\0',
	' ',
	'evil.test',
	'https:',
	'a',
	'\u2028',
	'\u3000',
	'％'
);
const wanted = fc.oneof(
	fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
	fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`),
	fc.webUrl({ validSchemes: ['http', 'https', 'ftp'] }),
	fc.string({ unit: 'binary' })
);
const segment = fc.stringMatching(/^[\w-]{1,10}$/);

describe('safePath', () => {
	it('never leads to another server, whatever the input', () => {
		fc.assert(
			fc.property(wanted, (text) => {
				const path = safePath(text);
				expect(path).toMatch(/^\/(?![/\\])/);
				expect(path).not.toMatch(/\p{Cc}/u);
				expect(new URL(path, here).origin).toBe(here);
			}),
			{ numRuns: 2_000 }
		);
	});

	it('is idempotent', () => {
		fc.assert(
			fc.property(wanted, (text) => {
				expect(safePath(safePath(text))).toBe(safePath(text));
			})
		);
	});

	it('keeps a page of this server unchanged, with its query and fragment', () => {
		fc.assert(
			fc.property(fc.array(segment, { minLength: 1 }), segment, segment, (segments, query, fragment) => {
				const path = `/${segments.join('/')}?q=${query}#${fragment}`;
				expect(safePath(path)).toBe(path);
			})
		);
	});

	it.each([null, '', 'x', '//x', '/\\x', 'https://x'])('returns the fallback for %j', (text) => {
		expect(safePath(text, '/other')).toBe('/other');
	});
});

describe('a path too long for a header', () => {
	const long = 'x'.repeat(1_500);

	it('is replaced by the fallback', () => {
		expect(safePath(`/admin/users?q=${long}`, '/other')).toBe('/other');
		expect(safePath(`/admin/users?q=${'ä'.repeat(400)}`, '/other')).toBe('/other');
		expect(safePath(`/admin/users?q=${'x'.repeat(900)}`)).toHaveLength(915);
	});

	it('is removed from a way back: first the query, then the page', () => {
		const back = (path: string) => pathBack('/auth/login', new URL(path, here));
		expect(back('/admin/users?q=1')).toBe('/auth/login?continue=%2Fadmin%2Fusers%3Fq%3D1');
		expect(back(`/admin/users?q=${long}`)).toBe('/auth/login?continue=%2Fadmin%2Fusers');
		expect(back(`/admin/${long}`)).toBe('/auth/login');
	});
});
