import pg, { type Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** The columns read of each user, in this order. */
export const copiedColumns = [
	'id',
	'email',
	'name',
	'profileImagePath',
	'avatarColor',
	'profileChangedAt',
	'storageLabel',
	'shouldChangePassword',
	'isAdmin',
	'createdAt',
	'deletedAt',
	'updatedAt',
	'oauthId',
	'quotaSizeInBytes',
	'quotaUsageInBytes',
	'status',
	'license',
	'clusterGroupId'
] as const;
export type CopiedColumn = (typeof copiedColumns)[number];

const listColumns = (isGrouped: boolean) =>
	copiedColumns
		.map((name) => {
			if (name === 'license') return 'license."value"';
			return name === 'clusterGroupId' && !isGrouped ? 'account."id"' : `account."${name}"`;
		})
		.join(', ');

/** The row after which a batch starts. */
interface Position {
	readonly createdAt: string;
	readonly id: string;
}

interface Batch<T> {
	readonly parts: readonly T[];
	/** The last row, if more may follow. */
	readonly last: Position | null;
}

/**
 * Reads all users as COPY's text, which is much faster than as objects: one line each, cells separated by tabs, `\N` for
 * NULL, times in UTC such as `2026-07-21 10:00:00.5+00`. Each batch is one COPY that is read to its end without pausing, so
 * that a slow client doesn't hold a connection.
 */
export class UserExportStreamRepository {
	readonly #pool: Pool;
	readonly #columns: string;

	constructor({ pool, immich }: Pick<Connection, 'pool' | 'immich'>) {
		this.#pool = pool;
		this.#columns = listColumns(immich?.hasClusterGroups ?? true);
	}

	/**
	 * Yields the results of `make`, newest first. It is called with some whole lines at a time as they arrive, while
	 * PostgreSQL produces the next ones; the next batch is fetched while one is sent.
	 */
	async *stream<T>(
		isDeletedShown: boolean,
		make: (lines: Uint8Array) => T,
		batchSize = 4_000
	): AsyncGenerator<T, undefined> {
		let next: Promise<Batch<T>> | null = this.#copy(isDeletedShown, make, batchSize, null);
		while (next) {
			const { parts, last }: Batch<T> = await next;
			next = last && this.#copy(isDeletedShown, make, batchSize, last);
			// If the consumer stops early, nothing awaits this promise.
			next?.catch(() => {});
			yield* parts;
		}
		return undefined;
	}

	async #copy<T>(
		isDeletedShown: boolean,
		make: (lines: Uint8Array) => T,
		limit: number,
		after: Position | null
	): Promise<Batch<T>> {
		const conditions = [
			...(isDeletedShown ? [] : ['account."deletedAt" IS NULL']),
			// COPY takes no parameters. Both values come from the database itself.
			...(after ? [`(account."createdAt", account."id") < (${quoted(after.createdAt)}, ${quoted(after.id)})`] : [])
		];
		const query = copyTo(`COPY (
			SELECT ${this.#columns} FROM "user" AS account
			LEFT JOIN "user_metadata" AS license ON license."userId" = account."id" AND license."key" = 'license'
			${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
			ORDER BY account."createdAt" DESC, account."id" DESC LIMIT ${limit}
		) TO STDOUT`);
		const client = await this.#pool.connect();
		try {
			const parts: T[] = [];
			let lines: Buffer = Buffer.alloc(0);
			for await (lines of wholeLines(client.query(query))) parts.push(make(lines));
			client.release();
			return { parts, last: query.rowCount === limit ? getLastPosition(lines) : null };
		} catch (error) {
			client.release(true);
			throw error;
		}
	}
}

/** Splits the chunks after their last newline and carries the rest over. */
async function* wholeLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let rest: Buffer = Buffer.alloc(0);
	for await (const chunk of chunks) {
		const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
		const end = bytes.lastIndexOf('\n') + 1;
		rest = bytes.subarray(end);
		if (end > 0) yield bytes.subarray(0, end);
	}
}

const quoted = (value: string) => pg.escapeLiteral(value);

/** Returns the row that ends a batch. */
function getLastPosition(lines: Buffer): Position {
	const cells = lines
		.subarray(lines.lastIndexOf('\n', -2) + 1, -1)
		.toString()
		.split('\t');
	const read = (name: CopiedColumn) => cells[copiedColumns.indexOf(name)] ?? '';
	return { createdAt: read('createdAt'), id: read('id') };
}
