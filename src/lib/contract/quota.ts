import xbytes from 'xbytes';
import { z } from 'zod';

const units = ['TiB', 'GiB', 'MiB', 'KiB', 'B'] as const;
const plainNumber = /^\d+(?:\.\d+)?$/;

/** Reads '10 GiB', '500 MB' or '2.5' (GiB) as bytes; null for an empty text, NaN for one that is no size. */
export function bytesOfQuota(text: string): number | null {
	const trimmed = text.trim();
	if (trimmed === '') return null;
	const bytes = xbytes.parseSize(plainNumber.test(trimmed) ? `${trimmed} GiB` : trimmed);
	return Number.isSafeInteger(Math.round(bytes)) && bytes >= 0 ? Math.round(bytes) : Number.NaN;
}

/** Writes bytes in the largest unit that keeps them exact, so that a form posted unchanged changes nothing. */
export function quotaOfBytes(bytes: number | null): string {
	if (bytes === null) return '';
	const exact = units.map((unit) => `${Number((bytes / xbytes.parseSize(`1 ${unit}`)).toFixed(2))} ${unit}`);
	return exact.find((text) => !text.startsWith('0') && bytesOfQuota(text) === bytes) ?? `${bytes} B`;
}

/** A quota as a person writes it; empty means unlimited. */
export const quotaText = z
	.string()
	.max(40)
	.refine((text) => !Number.isNaN(bytesOfQuota(text)), {
		error: 'Write a size such as 10 GiB, or leave it empty for unlimited'
	});
