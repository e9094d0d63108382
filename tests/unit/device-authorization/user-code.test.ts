import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUserCode, readUserCode, userCodeAlphabet } from '#lib/contract/device-authorization/user-code.ts';
import { newDeviceCode, newUserCode } from '#lib/server/features/device-authorization/device-codes.ts';

describe('a user code', () => {
	it('has eight letters of the alphabet, each of which occurs', () => {
		const codes = Array.from({ length: 500 }, newUserCode);
		for (const code of codes) expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
		expect(new Set(codes.join(''))).toEqual(new Set(userCodeAlphabet));
		expect(new Set(codes).size).toBe(codes.length);
	});

	it('is shown in two halves', () => {
		expect(formatUserCode('BCDFGHJK')).toBe('BCDF-GHJK');
	});

	it.each([
		'BCDF-GHJK',
		'bcdf-ghjk',
		'bcdfghjk',
		' BCDF GHJK ',
		'b c d f g h j k',
		'BCDF–GHJK',
		'BCDF—GHJK',
		'"BCDF-GHJK".',
		'BCDF\u00A0GHJK\n'
	])('is read from %j', (typed) => {
		expect(readUserCode(typed)).toBe('BCDFGHJK');
	});

	it.each([
		'',
		' ',
		'-',
		'BCDF-GHJ',
		'BCDF-GHJKL',
		'ACDF-GHJK',
		'BCDF-GHJ1',
		'BCDFGHJ\u212A',
		`${' '.repeat(33)}BCDFGHJK`
	])('is not read from %j', (typed) => {
		expect(readUserCode(typed)).toBeNull();
	});

	it('survives any case and separators', () => {
		const letter = fc.tuple(
			fc.constantFrom(...Array.from(userCodeAlphabet)),
			fc.boolean(),
			fc.constantFrom('', '-', ' ', '.')
		);
		fc.assert(
			fc.property(fc.array(letter, { minLength: 8, maxLength: 8 }), (letters) => {
				const typed = letters.map(([sign, isLower, gap]) => (isLower ? sign.toLowerCase() : sign) + gap).join('');
				expect(readUserCode(typed)).toBe(letters.map(([sign]) => sign).join(''));
			})
		);
	});
});

describe('a device code', () => {
	it('has 256 random bits', () => {
		const codes = Array.from({ length: 100 }, newDeviceCode);
		for (const code of codes) expect(Buffer.from(code, 'base64url')).toHaveLength(32);
		expect(new Set(codes).size).toBe(codes.length);
	});
});
