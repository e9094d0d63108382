import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { PasswordPolicy } from '#lib/server/features/users/password-policy.ts';
import { newTemporaryPassword } from '#lib/server/platform/crypto/temporary-password.ts';
import { settingsWith } from '#tests/support/settings-with.ts';

const bob = { name: 'Bob Smithers', email: 'robert.s@photos.example.com' };
const policyWith = (allowCommon: boolean) =>
	new PasswordPolicy({ current: settingsWith({ allowCommon, externalDomain: 'https://pictures.kowalski.net' }) });
const policy = policyWith(false);
const isTaken = (password: string, owner = bob) =>
	policy.require(password, owner).then(
		() => true,
		() => false
	);

describe('a new password', () => {
	beforeAll(() => isTaken('anything'));

	it.each([
		['common', ['password', '12345678', 'Password', 'iloveyou', 'baseball', 'sunshine', 'qwertyuiop', 'trustno1']],
		[
			'common in disguise',
			['P@ssw0rd', 'p4$$w0rd', 'drowssap', 'l3tm3in!', 'dr4g0n12', 'p.a.s.s.w.o.r.d', ' password ']
		],
		['common with an end', ['Password1', 'password123', 'Sunshine2024!', '!!dragon!!', '123football', 'letmein99']],
		[
			'common with a year',
			['passw0rd_2024!', 'Dragon-1987-!', '(2025)sunshine#1', 'football!!!!!!!!', '1999letmein2000']
		],
		['common twice', ['passwordadmin', 'monkey123456', 'Password123456789', 'dragonmaster!']],
		[
			'common several times with digits between',
			['password1password2', 'passw0rd1passw0rd2', 'Dragon1Monkey2', 'qwerty_1_qwerty_2', 'password1password2password3']
		],
		['common with symbols at its ends', ['abcd1234!', '!abc123!!', '##qwerty12##']],
		[
			'common with accents or invisible characters',
			['pässword', 'pa\u00adssword', 'pass\u200bword1', 'ｐａｓｓｗｏｒｄ']
		],
		['blanks', [' '.repeat(8), ' '.repeat(20), '\t'.repeat(9), '\u00a0'.repeat(8)]],
		['of few characters', ['aaaaaaaa', '11111111', 'abababab', '........', 'x'.repeat(72), '😀'.repeat(18)]],
		['repeated', ['abcdabcd', 'hunter2hunter2', 'dragondragondragon', 'monkeymonkey1', 'passwordpassword']],
		[
			'a walk',
			['abcdefgh', '87654321', 'asdfghjkl', 'qwertz123456', '1qaz2wsx3edc', 'abcd1234', 'zyxwvuts', 'poiuytrewq']
		],
		['a date', ['20240131', '31.01.2024', '01/31/2024', '1990-12-31']],
		[
			'their own name',
			['bobsmithers', 'Bob Smithers', 'smithers1', 'Smithers2024', 'b0b_sm1thers', 'smithersbob!', 'SMITHERSSMITHERS']
		],
		['their email', ['robert.s@photos.example.com', 'robert.s', 'robert123', 'r0berts!!', 'photosrobert']],
		[
			'the server’s name',
			[
				'immichimmich',
				'immich123',
				'Immich2024!',
				'1mmich!!',
				'kowalski',
				'kowalski.net',
				'kowalskipassword',
				'pictures1'
			]
		]
	])('is refused if it is %s', async (_, passwords) => {
		const taken = [];
		for (const password of passwords) if (await isTaken(password)) taken.push(password);
		expect(taken).toEqual([]);
	});

	it.each([
		[
			'their own name without accents',
			['juergenmueller', 'jurgenmuller', 'MullerJurgen!', 'luedenscheidt1', 'müllerjuergen']
		],
		['their own name backwards', ['negruj-rellum', 'rellüM2024']]
	])('is refused if it is %s', async (_, passwords) => {
		const owner = { name: 'Jürgen Müller-Lüdenscheidt', email: 'j@example.com' };
		for (const password of passwords) expect(await isTaken(password, owner), password).toBe(false);
	});

	it.each([
		'correct horse battery',
		'a new password',
		'another password',
		'  spaced  ',
		'bob likes long walks',
		'my immich photo server',
		'xK9#mQ2$vL',
		'photo-tulip-92-river',
		'Zürich im Regen',
		'秘密の合言葉です',
		'8301-4477-2093-1187',
		'%$7&+3*#9=?2',
		'😀🌲🚲🎈🍋🐢🎻🌙🔑🧭🪁🛶🧶🥁🦉🌵🍄🎲'
	])('is accepted otherwise: %s', async (password) => {
		expect(await isTaken(password)).toBe(true);
	});

	it('is refused at its field, with the same message', async () => {
		const message = 'This password is too easy to guess. Choose one that is less common and is not made of names.';
		await expect(policy.require('password', bob, 'newPassword')).rejects.toMatchObject({
			status: 400,
			message: 'Validation failed',
			details: { field: 'newPassword', shown: message, issues: [{ code: 'custom', path: ['newPassword'], message }] }
		});
	});

	it('is accepted unchanged if common ones are allowed, and if none is set', async () => {
		await expect(policyWith(true).require('password', bob)).resolves.toBeUndefined();
		await expect(policy.require('', bob)).resolves.toBeUndefined();
		await expect(policy.require(undefined, bob)).resolves.toBeUndefined();
	});

	it('is always accepted if this server generated it', async () => {
		for (let number = 0; number < 2_000; number++) expect(await isTaken(newTemporaryPassword())).toBe(true);
	});

	it("is checked whatever it contains, and whatever the user's name", async () => {
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (password, name) => {
				expect(typeof (await isTaken(password, { name, email: name }))).toBe('boolean');
			})
		);
	});
});

it('loads the list only when a password is set', async () => {
	expect(await readFile('src/lib/server/features/users/password-policy.ts', 'utf8')).not.toMatch(/^import .*zxcvbn/m);
});
