import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avatarColorOf } from '#lib/contract/avatar-color.ts';
import { email, newPassword, newPasswordOrEmpty } from '#lib/contract/fields.ts';
import { bytesOfQuota, quotaOfBytes, quotaText } from '#lib/contract/quota.ts';
import { storageLabelOf } from '#lib/server/services/user-changes.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 120 });
const bytesIn = (text: string) => new TextEncoder().encode(text).length;

describe('email', () => {
	it('takes every plain address, and stores it in lower case', () => {
		fc.assert(
			fc.property(fc.emailAddress({ size: 'small' }), (address) => {
				expect(email.parse(address.toUpperCase())).toBe(address.toLowerCase());
			})
		);
	});

	it('is the same when it is read again', () => {
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
					expect(data).toMatch(/^[\u0021-\u007e]+$/);
					expect(data.length).toBeLessThanOrEqual(254);
				}
			)
		);
	});

	it.each(['admin@local', 'a@b', 'A.B+c@x-y.test', '\u212aelvin@x.test'])('takes %s', (address) => {
		expect(email.safeParse(address).success).toBe(true);
	});

	it('takes for one address what Unicode says is one', () => {
		expect(email.parse('\u212aelvin@x.test')).toBe('kelvin@x.test');
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
		'ä@b.test',
		'\u0130@b.test'
	])('refuses %j', (address) => {
		expect(email.safeParse(address).success).toBe(false);
	});
});

describe('newPassword', () => {
	it('takes just what has 8 characters or more and 72 bytes or fewer, as it is', () => {
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

	it('may be empty where that means none', () => {
		expect(newPasswordOrEmpty.parse('')).toBe('');
		fc.assert(
			fc.property(fc.string({ minLength: 1, maxLength: 80 }), (password) => {
				expect(newPasswordOrEmpty.safeParse(password).success).toBe(newPassword.safeParse(password).success);
			})
		);
	});
});

describe('a quota', () => {
	it('reads back as the very bytes that were written', () => {
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

	it('is never a number that PostgreSQL could not hold', () => {
		fc.assert(
			fc.property(fc.oneof(anyText, fc.stringMatching(/^-?\d{0,20}(\.\d{0,5})? ?[KMGTP]?i?B?$/)), (text) => {
				const bytes = bytesOfQuota(text);
				expect(bytes === null || Number.isNaN(bytes) || (Number.isSafeInteger(bytes) && bytes >= 0)).toBe(true);
			})
		);
	});
});

describe('the colour of whoever has chosen none', () => {
	// As recorded from Immich.
	it.each([
		['admin@example.test', 'orange'],
		['x1@example.test', 'green'],
		['u@example.test', 'yellow']
	])('is for %s %s, as the peer has it', (address, color) => {
		expect(avatarColorOf(address)).toBe(color);
	});
});

describe('a storage label', () => {
	it('is a plain name of a folder, whatever is asked for', () => {
		fc.assert(
			fc.property(
				fc.oneof(anyText, fc.string({ unit: fc.constantFrom('.', '/', '\\', ' ', 'a', '\0', '\n', ':', 'con') })),
				(text) => {
					const label = storageLabelOf(text) ?? '';
					expect(label).not.toMatch(/[./\\<>:*?"|]|\p{Cc}/u);
					expect(bytesIn(label)).toBeLessThanOrEqual(255);
				}
			)
		);
	});

	it('is one folder however its accents are written', () => {
		expect(storageLabelOf('Zoe\u0308')).toBe('Zo\u00eb');
	});

	it.each(['con', 'NUL', 'com1', 'a/b', '..', '.', ' ', 'a\\b', '\u0000', 'x'.repeat(300), '😀'.repeat(90)])(
		'made of %j is null or a name that every file system takes',
		(text) => {
			const label = storageLabelOf(text);
			if (label !== null) expect(label).toMatch(/^(?!con$|nul$|com\d$)[^./\\\0]{1,255}$/iu);
		}
	);

	it('is the same when it is asked for again', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const label = storageLabelOf(text);
				expect(storageLabelOf(label)).toBe(label);
			})
		);
	});
});
