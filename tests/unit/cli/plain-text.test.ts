import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toPlainJson, toPlainLines, toPlainText } from '../../../src/cli/session/plain-text.ts';

// eslint-disable-next-line no-control-regex -- these are what must not be printed
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const anyText = fc.string({ unit: 'binary' });

it('text has no control characters, and is otherwise the same', () => {
	expect(toPlainText('A\u001b[31m\u00e9\n')).toBe('A\ufffd[31m\u00e9\ufffd');
	fc.assert(fc.property(anyText, (text) => !unsafe.test(toPlainText(text))));
});

it('lines keep their ends, and no other control character', () => {
	expect(toPlainLines('a\r\nb\rc\n')).toBe('a\r\nb\ufffdc\n');
	fc.assert(fc.property(anyText, (text) => !unsafe.test(toPlainLines(text).replace(/\r?\n/g, ''))));
});

it('JSON has no control characters but line breaks, and the same value', () => {
	fc.assert(
		fc.property(fc.dictionary(anyText, anyText), (value) => {
			const json = toPlainJson(JSON.stringify(value, null, 2));
			expect(json.replaceAll('\n', '')).not.toMatch(unsafe);
			expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
		})
	);
});
