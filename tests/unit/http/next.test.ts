import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safePath } from '#lib/server/http/next.ts';

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
	it('never leads to another server, whatever is wanted', () => {
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

	it('is the same when it is asked again', () => {
		fc.assert(
			fc.property(wanted, (text) => {
				expect(safePath(safePath(text))).toBe(safePath(text));
			})
		);
	});

	it('keeps a page of this server as it is, with its query and fragment', () => {
		fc.assert(
			fc.property(fc.array(segment, { minLength: 1 }), segment, segment, (segments, query, fragment) => {
				const path = `/${segments.join('/')}?q=${query}#${fragment}`;
				expect(safePath(path)).toBe(path);
			})
		);
	});

	it.each([null, '', 'x', '//x', '/\\x', 'https://x'])('gives the other way for %j', (text) => {
		expect(safePath(text, '/other')).toBe('/other');
	});
});
