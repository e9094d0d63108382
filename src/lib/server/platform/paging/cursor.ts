import { z } from 'zod';
import type { UserSort } from '#lib/contract/user-directory/user-directory.ts';
import type { Place } from '#lib/server/features/user-directory/index.ts';

/** A position in the list and the number of rows before it, so that they needn't be counted again. */
export interface Cursor extends Place {
	readonly offset: number | null;
}

const CursorTuple = z.tuple([z.string(), z.uuid(), z.int().min(0).nullable()]);

export const writeCursor = ({ value, id }: Place, offset: number | null): string =>
	Buffer.from(JSON.stringify([value, id, offset])).toString('base64url');

/** Parses a cursor; an invalid one or one of another sort order is ignored, and the list starts at the top. */
export function readCursor(text: string | undefined, sort: UserSort): Cursor | undefined {
	if (text === undefined) return undefined;
	try {
		const [value, id, offset] = CursorTuple.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
		return isSortValue(value, sort) ? { value, id, offset } : undefined;
	} catch {
		return undefined;
	}
}

function isSortValue(value: string, sort: UserSort): boolean {
	switch (sort) {
		case 'usage':
			return /^-?\d{1,18}$/.test(value);
		case 'createdAt':
		case 'lastSeenAt':
			return value === '-infinity' || isMoment(value);
		default:
			return value.isWellFormed() && !value.includes('\0');
	}
}

/** Whether this is a timestamp as PostgreSQL writes it in UTC: `2026-07-21 10:00:00.123456+00`. */
function isMoment(value: string): boolean {
	if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(value)) return false;
	const seconds = value.slice(0, 19).replace(' ', 'T');
	const moment = Date.parse(`${seconds}Z`);
	return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(seconds);
}
