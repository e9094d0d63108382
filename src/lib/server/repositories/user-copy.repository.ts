import { text } from 'node:stream/consumers';
import pg, { type Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** Columns in the order in which `AccountCells` has them. */
const columns = `account."id", account."email", account."name", account."profileImagePath", account."avatarColor",
	account."profileChangedAt", account."storageLabel", account."shouldChangePassword", account."isAdmin",
	account."createdAt", account."deletedAt", account."updatedAt", account."oauthId", account."quotaSizeInBytes",
	account."quotaUsageInBytes", account."status", account."clusterGroupId", license."value"`;

/** A row as PostgreSQL writes it: texts, times in UTC such as `2026-07-21 10:00:00.5+00`, `t` and `f`; null for NULL. */
export type AccountCells = readonly (string | null)[];

/** Where in the row these stand. */
const cell = { id: 0, createdAt: 9 } as const;

/** What COPY writes for NULL; of a text of these two characters it escapes the first. */
const nullMark = '\\N';
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

	/** Yields accounts in batches, newest first; the next batch is fetched while one is worked on. */
	async *stream(isDeletedShown: boolean, batchSize = 4_000): AsyncGenerator<readonly AccountCells[]> {
		let next: Promise<string> | null = this.#copy(isDeletedShown, batchSize, null);
		while (next) {
			const rows: AccountCells[] = (await next).split('\n').slice(0, -1).map(readLine);
			const last: AccountCells | undefined = rows.at(-1);
			next = last && rows.length === batchSize ? this.#copy(isDeletedShown, batchSize, last) : null;
			// Whoever stops listening leaves it unread; its failure is nobody's then.
			next?.catch(() => {});
			yield rows;
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

const literal = (cells: AccountCells, index: number) => pg.escapeLiteral(cells[index] ?? '');

const readLine = (line: string): AccountCells =>
	line.split('\t').map((value) => (value === nullMark ? null : value.includes('\\') ? unescape(value) : value));

/** Undoes what COPY's text format does to a value (PostgreSQL documentation, COPY, ‘Text Format’). */
const unescape = (value: string): string =>
	value.replace(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
