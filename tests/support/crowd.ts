import type pg from 'pg';

const firstNames =
	'Ada Ben Clara Dov Elif Farid Greta Hugo Ines Jonas Kaya Lena Mateo Nia Oskar Petra Quinn Rosa Samir Tove';
const lastNames =
	'Abel Brandt Costa Duarte Eriksen Fischer Garcia Hansen Ivanov Jansen Kowalski Lindgren Moreau Novak Okafor';

/**
 * Inserts `count` users by SQL, with the mixture of names, roles, states, quotas and times that a club of thousands has. Of
 * each hundred, 1 is deleted, 2 are admins, 20 must change their password (5 of them expired), 10 are linked to a provider,
 * 4 exceed their quota, and 15 have never signed in. None has a known password.
 */
export async function makeCrowd(pool: pg.Pool, count: number): Promise<void> {
	await pool.query(
		`WITH numbers AS MATERIALIZED (SELECT number, uuid_generate_v4() AS "groupId" FROM generate_series(1, $1::int) AS number),
		groups AS (INSERT INTO "cluster_group" ("id") SELECT "groupId" FROM numbers),
		people AS (
			INSERT INTO "user" ("clusterGroupId", "email", "name", "password", "isAdmin", "shouldChangePassword", "oauthId",
				"quotaSizeInBytes", "quotaUsageInBytes", "createdAt", "deletedAt", "status")
			SELECT "groupId", 'person' || number || '@example.test',
				first[1 + number % 20] || ' ' || last[1 + (number / 20) % 15] || ' ' || number,
				'no hash', number % 100 IN (7, 57), number % 100 < 20, CASE WHEN number % 10 = 3 THEN 'subject-' || number ELSE '' END,
				CASE WHEN number % 2 = 0 THEN 10737418240 END,
				CASE WHEN number % 100 IN (22, 44, 66, 88) THEN 10737418241 ELSE (number::bigint * 7919) % 1073741824 END,
				now() - number * interval '1 minute',
				CASE WHEN number % 100 = 99 THEN now() - interval '1 day' END,
				CASE WHEN number % 100 = 99 THEN 'deleted' ELSE 'active' END
			FROM numbers, (SELECT string_to_array($2, ' ') AS first, string_to_array($3, ' ') AS last) AS names
			RETURNING "id", "shouldChangePassword", substring("email" FROM 7 FOR position('@' IN "email") - 7)::int AS number
		),
		states AS (
			INSERT INTO immich_auth.password_state ("userId", "setBy", "expiresAt")
			SELECT "id", NULL, now() + CASE WHEN number % 100 < 5 THEN interval '-1 day' ELSE interval '6 days' END
			FROM people WHERE "shouldChangePassword"
		)
		INSERT INTO immich_auth.user_activity ("userId", "lastSignInAt", "lastSeenAt")
		SELECT "id", now() - number * interval '31 seconds', now() - number * interval '30 seconds'
		FROM people WHERE number % 100 < 85`,
		[count, firstNames, lastNames]
	);
	// Autovacuum would do this a little later: it updates the planner's statistics and the visibility map.
	for (const table of ['"user"', 'immich_auth.password_state', 'immich_auth.user_activity'])
		await pool.query(`VACUUM (ANALYZE) ${table}`);
}
