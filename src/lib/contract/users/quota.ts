import xbytes from 'xbytes';
import { z } from 'zod';

/** Order in which units are tried; multiples of 1,024 first, as in Immich. */
const units = ['TiB', 'GiB', 'MiB', 'KiB', 'TB', 'GB', 'MB', 'KB', 'B'] as const;
const size = /^(\d{1,20}(?:\.\d{1,20})?)\s*(?:([kmgtp])(i?)b?|b)?$/i;

/**
 * Parses '10 GiB', '10 G' or '2.5' (GiB) as multiples of 1,024 and '500 MB' of 1,000, case-insensitively, and returns bytes;
 * null for empty text, NaN if invalid.
 */
export function bytesOfQuota(text: string): number | null {
	const trimmed = text.trim();
	if (trimmed === '') return null;
	const [match, amount = '', prefix, binary] = size.exec(trimmed) ?? [];
	if (match === undefined) return Number.NaN;

	const isBytes = prefix === undefined && /b$/i.test(match);
	const isDecimal = prefix !== undefined && binary === '' && /b$/i.test(match);
	const unit = isBytes ? 'B' : `${(prefix ?? 'G').toUpperCase()}${isDecimal ? 'B' : 'iB'}`;
	const bytes = Math.round(xbytes.parseSize(`${amount} ${unit}`));
	return Number.isSafeInteger(bytes) ? bytes : Number.NaN;
}

/** Formats bytes exactly in the unit with the shortest text, so that resubmitting a form unchanged changes nothing. */
export function quotaOfBytes(bytes: number | null): string {
	if (bytes === null) return '';
	const texts = units.map((unit) => `${Number((bytes / xbytes.parseSize(`1 ${unit}`)).toFixed(2))} ${unit}`);
	const exact = texts.filter((text) => bytesOfQuota(text) === bytes && (bytes === 0 || !text.startsWith('0')));
	return exact.toSorted((a, b) => a.length - b.length)[0] ?? `${bytes} B`;
}

/** A quota as typed by a user; empty means unlimited. */
export const quotaText = z
	.string()
	.max(40)
	.refine((text) => !Number.isNaN(bytesOfQuota(text)), {
		error: 'Enter a size such as 50 GB, or leave empty for no limit'
	});
