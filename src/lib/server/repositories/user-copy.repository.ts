import { text } from 'node:stream/consumers';
import pg, { type Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** Columns in the order in which `AccountCells` has them. */
const columns = `account."id", account."email", account."name", account."profileImagePath", account."avatarColor",
	account."profileChangedAt", account."storageLabel", account."shouldChangePassword", account."isAdmin",
	account."createdAt", account."deletedAt", account."updatedAt", account."oauthId", account."quotaSizeInBytes",
	account."quotaUsageInBytes", account."status", account."clusterGroupId", license."value"`;

/** A row as PostgreSQL writes it: times in UTC such as `2026-07-21 10:00:00.5+00`, `t` and `f`, texts for `readText`. */
export type AccountCells = readonly [
	id: string,
	email: string,
	name: string,
	profileImagePath: string,
	avatarColor: string,
	profileChangedAt: string,
	storageLabel: string,
	shouldChangePassword: string,
	isAdmin: string,
	createdAt: string,
	deletedAt: string,
	updatedAt: string,
	oauthId: string,
	quotaSizeInBytes: string,
	quotaUsageInBytes: string,
	status: string,
	clusterGroupId: string,
	license: string
];

/** No text reads like that: COPY writes a backslash of a text as two. */
export const nullCell = '\\N';
const cell = { id: 0, createdAt: 9 } as const;

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/**
 * Reads all accounts as text, much faster than as objects. Each batch is one COPY that is read to its end at once, so that
 * a slow reader holds no connection.
 */
export class UserCopyRepository {
	readonly #pool: Pool;

	constructor(pool: Pool) {
		this.#pool = pool;
	}

	/** Yields accounts as lines for `readCells`, in batches, newest first; the next is fetched while one is worked on. */
	async *stream(isDeletedShown: boolean, batchSize = 4_000): AsyncGenerator<readonly string[]> {
		let next: Promise<string> | null = this.#copy(isDeletedShown, batchSize, null);
		while (next) {
			const lines: string[] = (await next).split('\n').slice(0, -1);
			const last = lines.at(-1);
			next =
				last !== undefined && lines.length === batchSize
					? this.#copy(isDeletedShown, batchSize, readCells(last))
					: null;
			// Whoever stops listening leaves it unread; its failure is nobody's then.
			next?.catch(() => {});
			yield lines;
		}
	}

	async #copy(isDeletedShown: boolean, limit: number, after: AccountCells | null): Promise<string> {
		const conditions = [
			...(isDeletedShown ? [] : ['account."deletedAt" IS NULL']),
			...(after
				? [
						// COPY takes no parameters. Both values come from the database itself.
						`(account."createdAt", account."id") < (${literal(after, cell.createdAt)}, ${literal(after, cell.id)})`
					]
				: [])
		];
		const query = `COPY (
			SELECT ${columns} FROM "user" AS account
			LEFT JOIN "user_metadata" AS license ON license."userId" = account."id" AND license."key" = 'license'
			${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
			ORDER BY account."createdAt" DESC, account."id" DESC LIMIT ${limit}
		) TO STDOUT`;
		const client = await this.#pool.connect();
		try {
			const copied = await text(client.query(copyTo(query)));
			client.release();
			return copied;
		} catch (error) {
			client.release(true);
			throw error;
		}
	}
}

const literal = (cells: AccountCells, index: 0 | 9) => pg.escapeLiteral(cells[index]);

/** Splits a line of COPY; it has as many cells as the query names, and to count them each time would take its time. */
export const readCells = (line: string): AccountCells => line.split('\t') as unknown as AccountCells;

/** Undoes what COPY's text format does to a text (PostgreSQL documentation, COPY, ‘Text Format’). */
export const readText = (cell: string): string =>
	cell.includes('\\') ? cell.replace(/\\(.)/gs, (_, character: string) => escapes[character] ?? character) : cell;
