import type { AssetChange } from '#lib/server/platform/database/change-topics.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';

/** How many assets one message names; PostgreSQL limits its length. */
const namedAssets = 100;

/**
 * Selects messages that tell the owners' apps of a change of assets; in a transaction, they are sent only if that commits.
 * @param changed selects the `id`, `ownerId` and `visibility` of the assets
 */
export const announcements = (kind: AssetChange['kind'], changed: Prisma.Sql): Prisma.Sql => Prisma.sql`
	SELECT pg_notify('immich_auth_assets', concat_ws(
		':', ${kind}::text, "ownerId"::text, CASE WHEN "isLocked" THEN 'locked' ELSE '' END, string_agg("id"::text, ',')
	))
	FROM (
		SELECT "id", "ownerId", "visibility" = 'locked' AS "isLocked",
			(row_number() OVER (PARTITION BY "ownerId", "visibility" = 'locked' ORDER BY "id") - 1) / ${namedAssets}::int AS "part"
		FROM (${changed}) AS changed
	) AS numbered
	GROUP BY "ownerId", "isLocked", "part"`;

/** Changes assets with a statement that returns what `announcements` reads, announces them, and selects their number. */
export const changeAndAnnounce = (kind: AssetChange['kind'], change: Prisma.Sql): Prisma.Sql => Prisma.sql`
	WITH changed AS (${change}), announced AS (${announcements(kind, Prisma.sql`SELECT * FROM changed`)})
	SELECT (SELECT count(*) FROM changed)::int AS "count", (SELECT count(*) FROM announced)::int AS "messages"`;
