import type pg from 'pg';

interface Crowd {
	readonly events: number;
	readonly people: number;
}

/**
 * Inserts events by SQL for this many users, the first of whom is an admin who caused a fifth of them; returns the user
 * IDs. Of each hundred, 60 are sign-ins, 2 of them refused, 20 are user changes by the admin, and 20 are sign-outs; they
 * are a minute apart, in pairs with the same timestamp, from 250 addresses.
 */
export async function makeEvents(pool: pg.Pool, { events, people }: Crowd): Promise<string[]> {
	const { rows } = await pool.query<{ ids: string[] }>(
		'SELECT array_agg(uuid_generate_v4()::text) AS ids FROM generate_series(1, $1::int)',
		[people]
	);
	const ids = rows[0]?.ids ?? [];
	await pool.query(
		`INSERT INTO immich_auth.audit_event ("at", "action", "outcome", "reason", "actorId", "actorName", "actorEmail",
			"subjectId", "subjectName", "subjectEmail", "credentialKind", "address", "client", "correlationId", "changes")
		SELECT now() - (number / 2) * interval '2 minutes', kind."action",
			CASE WHEN kind."isRefused" THEN 'refused' ELSE 'done' END,
			CASE WHEN kind."isRefused" THEN 'Wrong password' END,
			actor.id, 'Person ' || left(actor.id::text, 8), left(actor.id::text, 8) || '@example.test',
			subject.id, 'Person ' || left(subject.id::text, 8), left(subject.id::text, 8) || '@example.test',
			CASE WHEN kind."action" <> 'auth.signIn' THEN 'session' END,
			('10.0.0.' || number % 250)::inet, 'Firefox on Linux', uuid_generate_v4()::text,
			CASE WHEN kind."action" = 'user.update' THEN '{"quotaSizeInBytes": {"from": null, "to": 1000}}'::jsonb END
		FROM generate_series(1, $1::int) AS number
		CROSS JOIN LATERAL (SELECT number % 100 < 2 AS "isRefused",
			CASE WHEN number % 100 < 60 THEN 'auth.signIn' WHEN number % 100 < 80 THEN 'user.update' ELSE 'auth.signOut' END
				AS "action") AS kind
		CROSS JOIN LATERAL (SELECT ($2::uuid[])[1 + (number::bigint * 7919) % $3::int] AS id) AS subject
		CROSS JOIN LATERAL (SELECT CASE WHEN kind."isRefused" THEN NULL WHEN kind."action" = 'user.update'
			THEN ($2::uuid[])[1] ELSE subject.id END AS id) AS actor`,
		[events, ids, people]
	);
	// Autovacuum would do this a little later.
	await pool.query('VACUUM (ANALYZE) immich_auth.audit_event');
	return ids;
}
