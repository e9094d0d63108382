import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { guessablePassword } from './errors.ts';

/** Names of this server, besides its own host name. */
const productNames = ['immich', 'immich-auth'];

let common: Promise<CommonPasswords> | undefined;

/** Loads the list when a password is first set: most servers never need it. */
async function loadCommon(): Promise<CommonPasswords> {
	const { dictionary } = await import('@zxcvbn-ts/language-common');
	return new Map(dictionary['passwords-common'].map((password, index) => [password.toLowerCase(), index]));
}

/** The user whose password is set. */
interface Owner {
	readonly name: string;
	readonly email: string;
}

/** Rejects passwords that an attacker would try first (NIST SP 800-63B 3.1.1.2, ASVS 6.2.4). */
export class PasswordPolicy {
	readonly #settings: Pick<SettingsReader, 'current'>;

	constructor(settings: Pick<SettingsReader, 'current'>) {
		this.#settings = settings;
	}

	/**
	 * Refuses a guessable password; an empty one is ignored. `field` is its name in form and body.
	 * @throws {AppError} 400 with that field
	 */
	async require(
		password: string | undefined,
		owner: Owner,
		field: 'password' | 'newPassword' = 'password'
	): Promise<void> {
		const { system, immichAuth } = this.#settings.current;
		if (!password || immichAuth.passwords.allowCommon) return;
		const { externalDomain } = system.server;
		const host = URL.canParse(externalDomain) ? new URL(externalDomain).hostname : externalDomain;
		const context = contextWords([owner.name, owner.email, host, ...productNames]);
		if (isGuessable(password, await (common ??= loadCommon()), context)) throw guessablePassword(field);
	}
}

/** Separates the parts of a name, an email or a spelled-out password. */
const separators = /[\s.,_@/\\-]+/;
/** This many of the most common passwords are also recognized when spelled with spaces or dots. */
const mostCommon = 10_000;
/** Up to this many digits or symbols around a common word don't make it stronger; a year and a repeated character count once. */
const maxTrimmings = 5;
const years = /(?:19|20)\d\d/g;
/** A remainder this short, without the user's names, adds no strength. */
const maxRest = 4;
const maxContextWords = 40;
/** Two words as common as these, one after the other, are tried early too. */
const mostCommonOfPairs = 1_000;
const shortestWord = 3;
const longestPair = 32;

const rows = [
	'abcdefghijklmnopqrstuvwxyz',
	'01234567890',
	'qwertyuiop',
	'asdfghjkl',
	'zxcvbnm',
	'qwertzuiop',
	'yxcvbnm',
	'azertyuiop',
	'qsdfghjklm',
	'wxcvbn',
	'!@#$%^&*()',
	'1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p'
];
/** Neighbors in the alphabet, among digits and on keyboards, in both directions. */
const neighbors = new Set(
	rows.flatMap((row) =>
		[...row].slice(1).flatMap((second, index) => [`${row[index] ?? ''}${second}`, `${second}${row[index] ?? ''}`])
	)
);

const disguises: Readonly<Record<string, string>> = {
	0: 'o',
	3: 'e',
	4: 'a',
	5: 's',
	7: 't',
	'@': 'a',
	$: 's',
	'!': 'i'
};
const undisguised = (text: string, one: 'i' | 'l'): string =>
	[...text].map((character) => (character === '1' ? one : (disguises[character] ?? character))).join('');

/** How names are spelled without umlauts. */
const transcriptions: Readonly<Record<string, string>> = {
	ä: 'ae',
	ö: 'oe',
	ü: 'ue',
	å: 'aa',
	æ: 'ae',
	ø: 'oe',
	œ: 'oe'
};
const transcribed = (text: string): string =>
	[...text].map((character) => transcriptions[character] ?? character).join('');

/** Ignores case, accents and invisible characters, which don't make a password stronger. */
const simplified = (text: string): string =>
	text
		.normalize('NFKD')
		.replaceAll(/[\u0300-\u036f]|\p{Default_Ignorable_Code_Point}/gu, '')
		.normalize('NFKC')
		.toLowerCase()
		.replaceAll('ß', 'ss');

/** The most common passwords, ranked. */
interface CommonPasswords {
	/** The rank in the list, or undefined. */
	get(password: string): number | undefined;
}

/** Returns what an attacker who knows the user or the server would try: names, and parts of emails. */
function contextWords(texts: readonly string[]): string[] {
	const words = texts
		.map((text) => text.slice(0, 254).normalize('NFKC').toLowerCase())
		.flatMap((text) => [simplified(text), simplified(transcribed(text))])
		.flatMap((text) => {
			const parts = text.split(separators);
			return [...parts, parts.join(''), text.split('@')[0]?.split(separators).join('') ?? ''];
		})
		.filter((word) => word.length >= 3);
	// Longest first: `bobsmith` is removed before `bob`.
	return [...new Set(words)].sort((a, b) => b.length - a.length).slice(0, maxContextWords);
}

/** Whether an attacker would try this password early. Runs in linear time. */
function isGuessable(password: string, common: CommonPasswords, context: readonly string[]): boolean {
	const text = simplified(password);
	const collapsed = text.split(separators).join('');
	const base = withoutTrimmings(text);
	const letters = text.replaceAll(/[^\p{L}\s]/gu, '');
	const isRepeatedWord = (one: string): boolean =>
		isRepeated(one, (unit) => isCommon(unit, common) || consistsOf(unit, common, context));
	return (
		isPattern(text) ||
		isCommon(text, common) ||
		(common.get(collapsed) ?? Infinity) < mostCommon ||
		consistsOf(collapsed, common, context) ||
		isPair(text, common) ||
		[text, base, letters].some((one) => isTrimmed(text, one) && isRepeatedWord(one))
	);
}

/** Few different characters, a date, or a keyboard walk. */
function isPattern(text: string): boolean {
	const characters = [...text];
	if (new Set(characters).size <= 3) return true;
	if (/^[\d\s./-]*$/.test(text) && text.replaceAll(/\D/g, '').length <= 8) return true;
	const breaks = characters
		.slice(1)
		.filter((next, index) => next !== characters[index] && !neighbors.has(`${characters[index] ?? ''}${next}`));
	return breaks.length + 1 <= characters.length / 4;
}

function isCommon(text: string, common: CommonPasswords): boolean {
	return getRank(text, common) < Infinity;
}

/** Returns the rank of a password without its trimmings and disguises; infinite for one that is not in the list. */
function getRank(text: string, common: CommonPasswords): number {
	const base = withoutTrimmings(text);
	const candidates = [text, withoutSymbols(text), base]
		.filter((candidate) => isTrimmed(text, candidate))
		.concat(isTrimmed(text, base) ? [reversed(base)] : [])
		.flatMap((candidate) => [candidate, undisguised(candidate, 'i'), undisguised(candidate, 'l')]);
	return Math.min(...candidates.map((candidate) => common.get(candidate) ?? Infinity));
}

/** Whether a text is `base` with little besides: years and repeated characters hardly make it stronger. */
function isTrimmed(text: string, base: string): boolean {
	if (base === '') return false;
	const strength = (of: string) => of.replaceAll(years, 'y').replaceAll(/([^\p{L}\s])\1+/gu, '$1').length;
	return strength(text) - strength(base) <= maxTrimmings;
}

const reversed = (text: string): string => [...text].reverse().join('');
const withoutSymbols = (text: string): string => text.replaceAll(/^[^\p{L}\p{N}\s]+|[^\p{L}\p{N}\s]+$/gu, '');

/** Two of the most common passwords without a space between them: `passwordadmin`, `monkey123456`, `password1dragon2`. */
function isPair(text: string, common: CommonPasswords): boolean {
	const bare = withoutSymbols(text);
	if (bare.length > longestPair) return false;
	const isWord = (word: string) => word.length >= shortestWord && getRank(word, common) < mostCommonOfPairs;
	return [...bare].some((_, end) => isWord(bare.slice(0, end)) && isWord(bare.slice(end)));
}

/** Strips digits and symbols from both ends; spaces count as deliberately chosen characters. */
function withoutTrimmings(text: string): string {
	const isKept = (character: string) => /[\p{L}\s]/u.test(character);
	const characters = [...text];
	const start = characters.findIndex(isKept);
	return start === -1 ? '' : characters.slice(start, characters.findLastIndex(isKept) + 1).join('');
}

/** Names and emails, with almost nothing or only a common password besides. */
function consistsOf(collapsed: string, common: CommonPasswords, context: readonly string[]): boolean {
	return [collapsed, undisguised(collapsed, 'i'), undisguised(collapsed, 'l'), reversed(collapsed)].some((text) => {
		let rest = text;
		for (const word of context) rest = rest.replaceAll(word, '');
		if (rest === text) return false;
		const symbols = rest.replaceAll(/[^\p{L}\p{N}]/gu, '');
		return symbols.length <= maxRest || isCommon(rest, common);
	});
}

/** A short or guessable text repeated. The period comes from the longest border, in linear time. */
function isRepeated(text: string, isUnitGuessable: (unit: string) => boolean): boolean {
	const borders = [0];
	for (let end = 1, border = 0; end < text.length; end++) {
		while (border > 0 && text[end] !== text[border]) border = borders[border - 1] ?? 0;
		if (text[end] === text[border]) border++;
		borders.push(border);
	}
	const period = text.length - (borders.at(-1) ?? 0);
	if (period > text.length / 2) return false;
	return period <= maxRest || isUnitGuessable(text.slice(0, period));
}
