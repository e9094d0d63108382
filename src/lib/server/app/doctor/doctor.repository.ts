import type { Pool } from 'pg';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Where users have signed in from lately. */
export interface SignInPlaces {
	readonly users: number;
	readonly addresses: number;
	/** The address of them all, if there is only one. */
	readonly address: string | null;
}

/** Reads from the audit log what hints at a wrong clock or proxy. */
export class DoctorRepository {
	readonly #pool: Pool;

	constructor({ pool }: Pick<Connection, 'pool'>) {
		this.#pool = pool;
	}

	/** Returns when the newest audit event was recorded; null if there is none. */
	async newestEventAt(): Promise<Date | null> {
		const { rows } = await this.#pool.query<{ at: Date | null }>(
			'SELECT max("at") AS "at" FROM immich_auth.audit_event'
		);
		return rows[0]?.at ?? null;
	}

	/** Returns from how many addresses how many users have signed in, among the latest sign-ins. */
	async signInPlaces(limit: number): Promise<SignInPlaces> {
		const { rows } = await this.#pool.query<SignInPlaces>(
			`SELECT count(DISTINCT "actorId")::int AS "users", count(DISTINCT "address")::int AS "addresses",
				CASE WHEN count(DISTINCT "address") = 1 THEN host(min("address")) END AS "address"
			FROM (
				SELECT "actorId", "address" FROM immich_auth.audit_event
				WHERE "action" = 'auth.signIn' AND "outcome" = 'done' ORDER BY "at" DESC, "id" DESC LIMIT $1
			) AS latest`,
			[limit]
		);
		return rows[0] ?? { users: 0, addresses: 0, address: null };
	}
}
