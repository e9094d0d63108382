import { z } from 'zod';
import { validationFailed } from '../errors.ts';

/** A position in a sorted list: the row with this sort value, as text with full precision, and this ID. */
export interface Place {
	readonly value: string;
	readonly id: string;
}

/** A position in the list and the number of rows before it, so that they needn't be counted again. */
export interface Cursor extends Place {
	readonly offset: number | null;
}

/** What a list is sorted by. PostgreSQL must accept every value that passes. */
interface Order {
	readonly value: z.ZodType<string>;
	readonly id: z.ZodType<string>;
}

const id = z.uuid();

export const textOrder: Order = { value: z.string().refine((text) => text.isWellFormed() && !text.includes('\0')), id };
export const integerOrder: Order = { value: z.string().regex(/^-?\d{1,18}$/), id };
export const timeOrder: Order = { value: z.string().refine((text) => text === '-infinity' || isMoment(text)), id };

/** Whether this is a timestamp as PostgreSQL writes it in UTC: `2026-07-21 10:00:00.123456+00`. It has no year 0. */
function isMoment(text: string): boolean {
	if (!/^(?!0000)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(text)) return false;
	const seconds = text.slice(0, 19).replace(' ', 'T');
	const moment = Date.parse(`${seconds}Z`);
	return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(seconds);
}

/** Encodes a position in a list; `offset` is the number of rows before it, null if unknown. */
export const writeCursor = ({ value, id }: Place, offset: number | null): string =>
	Buffer.from(JSON.stringify([value, id, offset])).toString('base64url');

/** Parses a cursor; an invalid one or one of another order is ignored, and the list starts at the top. */
export function readCursor(text: string | undefined, order: Order): Cursor | undefined {
	if (text === undefined) return undefined;
	try {
		const tuple = z.tuple([order.value, order.id, z.int().min(0).nullable()]);
		const [value, id, offset] = tuple.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
		return { value, id, offset };
	} catch {
		return undefined;
	}
}

/**
 * The same for programs, which must not start over.
 * @throws {AppError} 400 if the cursor is invalid
 */
export function requireCursor(text: string | undefined, order: Order): Cursor | undefined {
	const cursor = readCursor(text, order);
	if (text !== undefined && !cursor)
		throw validationFailed([{ code: 'custom', path: ['cursor'], message: 'Invalid cursor' }]);
	return cursor;
}
