import type { AuditPlace } from './audit-query.sql.ts';

/** A position in the log and the number of events before it, so that they needn't be counted again. */
export interface AuditCursor extends AuditPlace {
	readonly offset: number | null;
}

export const writeAuditCursor = ({ atMicroseconds, id }: AuditPlace, offset: number | null): string =>
	[atMicroseconds, id, ...(offset === null ? [] : [offset])].join('.');

/** Parses a cursor; the contract has already validated its format. */
export function readAuditCursor(text: string | undefined): AuditCursor | undefined {
	if (text === undefined) return undefined;
	const [atMicroseconds = '0', id = '0', offset] = text.split('.');
	return {
		atMicroseconds: BigInt(atMicroseconds),
		id: BigInt(id),
		offset: offset === undefined ? null : Number(offset)
	};
}
