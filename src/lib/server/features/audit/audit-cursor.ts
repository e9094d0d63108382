import type { AuditPlace } from './audit-query.sql.ts';

/** A place in the log, and how many stand before it, so that nobody has to count them again. */
export interface AuditCursor extends AuditPlace {
	readonly offset: number | null;
}

export const writeAuditCursor = ({ atMicroseconds, id }: AuditPlace, offset: number | null): string =>
	[atMicroseconds, id, ...(offset === null ? [] : [offset])].join('.');

/** Reads a cursor, whose form the contract has looked at. */
export function readAuditCursor(text: string | undefined): AuditCursor | undefined {
	if (text === undefined) return undefined;
	const [atMicroseconds = '0', id = '0', offset] = text.split('.');
	return {
		atMicroseconds: BigInt(atMicroseconds),
		id: BigInt(id),
		offset: offset === undefined ? null : Number(offset)
	};
}
