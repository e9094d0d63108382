import punycode from 'punycode/punycode.js';
import { z } from 'zod';
import { withFormMessage } from './form-messages.ts';

const typeName = (input: unknown) => (input === null ? 'object' : typeof input);

// HTML's pattern, which accepts `admin@local`, plus letters of other scripts.
// Source: docs/wire-reference/auth.md#email-password-and-pin-rules.
const localPattern = /^[\p{L}\p{M}\p{Nd}.!#$%&'*+/=?^_`{|}~-]+$/u;
const labelPattern = /^[\p{L}\p{Nd}](?:[\p{L}\p{M}\p{Nd}-]{0,61}[\p{L}\p{M}\p{Nd}])?$/u;

/** Scripts that are legitimately mixed; any other mix in one word counts as spoofing (UTS #39, highly restrictive). */
const scriptSets = [
	/^[\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]*$/u,
	/^[\p{Script=Latin}\p{Script=Han}\p{Script=Hangul}]*$/u,
	/^[\p{Script=Latin}\p{Script=Han}\p{Script=Bopomofo}]*$/u
];
const scripts = [
	...['Cyrillic', 'Greek', 'Armenian', 'Hebrew', 'Arabic', 'Syriac', 'Thaana', 'Devanagari', 'Bengali', 'Gurmukhi'],
	...['Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Thai', 'Lao', 'Tibetan', 'Myanmar'],
	...['Georgian', 'Ethiopic', 'Khmer', 'Mongolian', 'Cherokee', 'Tifinagh']
].map((script) => new RegExp(`^\\p{Script_Extensions=${script}}*$`, 'u'));

/** Whether a character survives normalization and case folding unchanged. */
function isStable(character: string): boolean {
	if (character <= '\u007f') return true;
	// Look-alikes such as the Kelvin sign, fullwidth letters and ligatures normalize to plain letters.
	if (character.normalize('NFKC') !== character) return false;
	// Letters whose case mapping is a plain letter, such as the dotless i.
	const folded = character.toUpperCase().normalize('NFKC').toLowerCase();
	return folded.length > 1 || folded > '\u007f';
}

const isOneScript = (text: string): boolean => {
	const letters = text.replace(/[\p{Script=Common}\p{Script=Inherited}]/gu, '');
	return [...scriptSets, ...scripts].some((pattern) => pattern.test(letters));
};

function isPlain(text: string): boolean {
	if (/\p{Default_Ignorable_Code_Point}/u.test(text) || !isOneScript(text)) return false;
	// A mark needs a base letter, and a dot above an i or j is invisible.
	if (/(?:^|[^\p{L}\p{M}\p{Nd}])\p{M}/u.test(text) || /[ij]\p{M}*\u0307/u.test(text.normalize('NFD'))) return false;
	return [...text].every(isStable);
}

/** Returns the canonical form of a domain given as `bücher.example` or `xn--bcher-kva.example`; null if invalid. */
function parseDomain(text: string): string | null {
	const isInternational = !/^[\0-\u007f]*$/.test(text) || /(?:^|\.)xn--/.test(text);
	const labels = text.split('.');
	if (!labels.every((label) => labelPattern.test(label))) return null;
	if (!isInternational) return text;
	const ascii = asciiDomain(text);
	if (ascii === null) return null;
	const domain = punycode.toUnicode(ascii);
	// If the URL standard maps the domain to something the user didn't type, it is rejected rather than corrected.
	const isSame = domain === text || ascii === text;
	const isValid = domain
		.split('.')
		.every((label) => labelPattern.test(label) && !/^xn--/.test(label) && isPlain(label));
	return isSame && isValid && asciiDomain(domain) === ascii ? domain : null;
}

function asciiDomain(domain: string): string | null {
	try {
		return new URL(`http://${domain}`).hostname;
	} catch {
		return null;
	}
}

/**
 * Returns the canonical form in which an email is stored and looked up; null if it is invalid or could be confused with
 * another email: docs/decisions/022.
 */
export function normalizeEmail(text: string): string | null {
	// Cheap upper bound; the exact limit is checked below and reports its own issue.
	if (text.length > 1_000) return null;
	if (!text.isWellFormed() || ![...text].every((character) => character.normalize('NFC') === character)) return null;
	const address = text.normalize('NFC').toLowerCase().normalize('NFC');
	const at = address.indexOf('@');
	const local = address.slice(0, at);
	if (at < 1 || !localPattern.test(local) || !isPlain(local)) return null;
	const domain = parseDomain(address.slice(at + 1));
	return domain === null ? null : `${local}@${domain}`;
}

/** Canonical form of an email for counting attempts; invalid emails are returned unchanged. */
export const canonicalEmail = (address: string): string => normalizeEmail(address) ?? address;

/** Whether two emails are the same, with Unicode and ASCII domains treated as equal. */
export const isSameEmail = (one: string, other: string): boolean =>
	one === other || canonicalEmail(one) === canonicalEmail(other);

/** All forms in which Immich or an earlier version may have stored an email: Unicode or ASCII domain. */
export function storedForms(address: string): string[] {
	const letters = canonicalEmail(address);
	const at = letters.lastIndexOf('@');
	const domain = letters.slice(at + 1);
	const ascii = /^[\0-\u007f]*$/.test(domain) ? null : asciiDomain(domain);
	const forms = [address, letters, ...(ascii === null ? [] : [`${letters.slice(0, at + 1)}${ascii}`])];
	return [...new Set(forms)];
}

/**
 * An email, normalized before validation so that the stored value is the validated one (GHSA-7rqj-j65f-68wh). The issue shows
 * HTML's pattern, like Immich's.
 */
export const email = z
	.preprocess(
		(value) => (typeof value === 'string' ? (normalizeEmail(value) ?? `\0${value}`) : value),
		z
			.string({ error: (issue) => `Invalid input: expected email, received ${typeName(issue.input)}` })
			.check(({ value, issues }) => {
				if (!value.startsWith('\0')) return;
				issues.push(
					withFormMessage(
						{
							origin: 'string',
							code: 'invalid_format',
							format: 'email',
							pattern: String(z.regexes.html5Email),
							input: value,
							message: 'Invalid input: expected email, received string'
						},
						'Enter a valid email address, like name@example.com.'
					)
				);
			})
			.max(254)
	)
	.meta({ format: 'email' });

/** An email typed into a form; surrounding spaces are trimmed, as browsers do for type email. */
export const typedEmail = z.preprocess((value) => (typeof value === 'string' ? value.trim() : value), email);
