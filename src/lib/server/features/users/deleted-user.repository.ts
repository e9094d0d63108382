import type { Pool } from 'pg';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Lists deleted users. */
export class DeletedUserRepository {
	readonly #pool: Pool;

	constructor({ pool }: Pick<Connection, 'pool'>) {
		this.#pool = pool;
	}

	/** Lists the users deleted before a time, by ID, from one position on. */
	async listDue(before: Date, afterId: string | null, limit: number): Promise<string[]> {
		const { rows } = await this.#pool.query<{ id: string }>(
			`SELECT "id" FROM "user" WHERE "deletedAt" <= $1 AND ($2::uuid IS NULL OR "id" > $2) ORDER BY "id" LIMIT $3`,
			[before, afterId, limit]
		);
		return rows.map(({ id }) => id);
	}
}
