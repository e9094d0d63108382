import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getAvatarColor } from '#lib/contract/users/avatar-color.ts';
import { email, newPassword, newPasswordOrEmpty } from '#lib/contract/fields.ts';
import { bytesOfQuota, quotaOfBytes, quotaText } from '#lib/contract/users/quota.ts';
import { normalizeStorageLabel } from '#lib/server/features/users/user-changes.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 120 });
const bytesIn = (text: string) => new TextEncoder().encode(text).length;

describe('email', () => {
	it('accepts every plain address, and stores it in lower case', () => {
		fc.assert(
			fc.property(fc.emailAddress({ size: 'small' }), (address) => {
				expect(email.parse(address.toUpperCase())).toBe(address.toLowerCase());
			})
		);
	});

	it('is idempotent', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.emailAddress(),
					anyText,
					anyText.map((text) => `${text}@x.test`)
				),
				(address) => {
					const { data } = email.safeParse(address);
					if (data === undefined) return;
					expect(email.parse(data)).toBe(data);
					expect(data).toBe(data.normalize('NFKC'));
					expect(data).not.toMatch(/[\s\p{C}]/u);
					expect(data.length).toBeLessThanOrEqual(254);
				}
			)
		);
	});

	it.each(['admin@local', 'a@b', 'A.B+c@x-y.test', 'a@192.0.2.1'])('accepts %s', (address) => {
		expect(email.safeParse(address).success).toBe(true);
	});

	it.each([
		['müller@example.org', 'müller@example.org'],
		['JÖRG@Bücher.Example', 'jörg@bücher.example'],
		['jörg@xn--bcher-kva.example', 'jörg@bücher.example'],
		['kim@XN--BCHER-KVA.example', 'kim@bücher.example'],
		['mu\u0308ller@bu\u0308cher.example', 'müller@bücher.example'],
		['straße@straße.example', 'straße@straße.example'],
		['żółw@łódź.example', 'żółw@łódź.example'],
		['иван@пример.рф', 'иван@пример.рф'],
		['ΓΙΏΡΓΟΣ@παράδειγμα.gr', 'γιώργος@παράδειγμα.gr'],
		['用户@例え.jp', '用户@例え.jp'],
		['kim名前@例え.jp', 'kim名前@例え.jp'],
		['अजय@डाटा.भारत', 'अजय@डाटा.भारत'],
		['nguyễn@example.vn', 'nguyễn@example.vn'],
		['æøå@example.no', 'æøå@example.no']
	])('stores %s as %s', (typed, stored) => {
		expect(email.parse(typed)).toBe(stored);
		expect(email.parse(stored)).toBe(stored);
	});

	it.each([
		['the Kelvin sign', '\u212Aim@example.test'],
		['the Angstrom sign', '\u212Bsa@example.test'],
		['a dotless i', 'kım@example.test'],
		['a dotted capital I', 'K\u0130M@example.test'],
		['a dot above an i', 'ki\u0307m@example.test'],
		['a dot above an i with another mark', 'ki\u0323\u0307m@example.test'],
		['a long s', 'bo\u017Fs@example.test'],
		['a wide letter', 'ｋim@example.test'],
		['a ligature', 'o\uFB03ce@example.test'],
		['a superscript digit', 'kim²@example.test'],
		['a mathematical letter', '\u{1D424}im@example.test'],
		['a Cyrillic letter among Latin ones', 'kіm@example.test'],
		['a Greek letter among Latin ones', 'kοm@example.test'],
		['a zero-width space', 'ki\u200Bm@example.test'],
		['a zero-width joiner', 'ki\u200Dm@example.test'],
		['a soft hyphen', 'ki\u00ADm@example.test'],
		['a variation selector', 'kim\uFE0F@example.test'],
		['a grapheme joiner', 'ki\u034Fm@example.test'],
		['a Hangul filler', 'kim\u3164@example.test'],
		['a direction mark', '\u202Ekim@example.test'],
		['a mark at the start', '\u0301kim@example.test'],
		['half of a surrogate pair', 'kim\ud800@example.test'],
		['a Cyrillic letter in the domain', 'kim@exаmple.test'],
		['the same in ASCII', 'kim@xn--exmple-4nf.test'],
		['a wide letter in the domain', 'kim@ｅxample.test'],
		['a wide dot in the domain', 'kim@example。test'],
		['a soft hyphen in the domain', 'kim@exam\u00ADple.test'],
		['ASCII that decodes to plain ASCII', 'kim@xn--example-.test'],
		['ASCII that decodes to nothing', 'kim@xn--.test'],
		['ASCII that cannot be decoded', 'kim@xn--99999999.test']
	])('refuses %s', (_, address) => {
		expect(email.safeParse(address).success).toBe(false);
	});

	it('never creates two addresses of letters that compare equal', () => {
		const fold = (text: string) => text.normalize('NFKC').toUpperCase().normalize('NFKC').toLowerCase();
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }), (letters) => {
				const { data } = email.safeParse(`${letters}@x.test`);
				if (data === undefined || /[^\0-\u007f]/.test(fold(data))) return;
				// Only ß and similar letters, which stand for several letters, can become plain ones.
				expect(data.replace(/ß/g, 'ss')).toBe(fold(data));
			}),
			{ numRuns: 5_000 }
		);
	});

	it.each([
		'',
		'a',
		'@',
		'a@',
		'@b',
		'a b@c',
		'a@b c',
		'a＠b.test',
		'a@b..c',
		'a@-b',
		'a@b\n',
		'a@b\0',
		`${'x'.repeat(251)}@x.y`,
		'\u0130@b.test'
	])('refuses %j', (address) => {
		expect(email.safeParse(address).success).toBe(false);
	});
});

describe('newPassword', () => {
	it('accepts exactly 8 characters to 72 bytes, unchanged', () => {
		const text = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '李', '😀'), maxLength: 80 });
		fc.assert(
			fc.property(text, (password) => {
				const isGood = [...password].length >= 8 && bytesIn(password) <= 72;
				const { success, data } = newPassword.safeParse(password);
				expect(success).toBe(isGood);
				if (isGood) expect(data).toBe(password);
			})
		);
	});

	it('can be empty if that means none', () => {
		expect(newPasswordOrEmpty.parse('')).toBe('');
		fc.assert(
			fc.property(fc.string({ minLength: 1, maxLength: 80 }), (password) => {
				expect(newPasswordOrEmpty.safeParse(password).success).toBe(newPassword.safeParse(password).success);
			})
		);
	});
});

describe('a quota', () => {
	it('reads back as exactly the bytes that were written', () => {
		fc.assert(
			fc.property(fc.maxSafeNat(), (bytes) => {
				expect(bytesOfQuota(quotaOfBytes(bytes))).toBe(bytes);
				expect(quotaText.safeParse(quotaOfBytes(bytes)).success).toBe(true);
			})
		);
		for (const bytes of [0, 1, 1023, 1024, 2 ** 30, 2 ** 40 + 1, Number.MAX_SAFE_INTEGER, null])
			expect(bytesOfQuota(quotaOfBytes(bytes))).toBe(bytes);
	});

	it.each([
		['10 GiB', 10 * 2 ** 30],
		['10GiB', 10 * 2 ** 30],
		['500 MB', 500_000_000],
		['2.5', 2.5 * 2 ** 30],
		['0', 0],
		[' 1 TiB ', 2 ** 40],
		['10 gib', 10 * 2 ** 30],
		['10 gb', 10_000_000_000],
		['10 Gb', 10_000_000_000],
		['7 b', 7],
		['', null],
		['   ', null]
	])('reads %j as %j', (text, bytes) => {
		expect(bytesOfQuota(text)).toBe(bytes);
	});

	it.each([
		'much',
		'-1 GiB',
		'1e400',
		'GiB',
		'10 GiB of it',
		'1 GiB 500 MiB',
		'10 bits',
		'9'.repeat(40),
		'NaN',
		'Infinity',
		'0x10',
		'1,5 GiB'
	])('refuses %j', (text) => {
		expect(quotaText.safeParse(text).success).toBe(false);
	});

	it('is never a number that PostgreSQL could not store', () => {
		fc.assert(
			fc.property(fc.oneof(anyText, fc.stringMatching(/^-?\d{0,20}(\.\d{0,5})? ?[KMGTP]?i?B?$/)), (text) => {
				const bytes = bytesOfQuota(text);
				expect(bytes === null || Number.isNaN(bytes) || (Number.isSafeInteger(bytes) && bytes >= 0)).toBe(true);
			})
		);
	});
});

describe('the default avatar color', () => {
	// As recorded from Immich.
	it.each([
		['admin@example.test', 'orange'],
		['x1@example.test', 'green'],
		['u@example.test', 'yellow']
	])('for %s is %s, as in Immich', (address, color) => {
		expect(getAvatarColor(address)).toBe(color);
	});
});

describe('a storage label', () => {
	it('is a plain folder name for any input', () => {
		fc.assert(
			fc.property(
				fc.oneof(anyText, fc.string({ unit: fc.constantFrom('.', '/', '\\', ' ', 'a', '\0', '\n', ':', 'con') })),
				(text) => {
					const label = normalizeStorageLabel(text) ?? '';
					expect(label).not.toMatch(/[./\\<>:*?"|]|\p{Cc}/u);
					expect(bytesIn(label)).toBeLessThanOrEqual(255);
				}
			)
		);
	});

	it('is the same folder however its accents are encoded', () => {
		expect(normalizeStorageLabel('Zoe\u0308')).toBe('Zo\u00eb');
	});

	it.each(['con', 'NUL', 'com1', 'a/b', '..', '.', ' ', 'a\\b', '\u0000', 'x'.repeat(300), '😀'.repeat(90)])(
		'made from %j is null or a name that every file system accepts',
		(text) => {
			const label = normalizeStorageLabel(text);
			if (label !== null) expect(label).toMatch(/^(?!con$|nul$|com\d$)[^./\\\0]{1,255}$/iu);
		}
	);

	it('is idempotent', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const label = normalizeStorageLabel(text);
				expect(normalizeStorageLabel(label)).toBe(label);
			})
		);
	});
});
