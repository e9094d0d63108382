import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';

/**
 * SQL that selects, over rows of `"session"` called `session`, those started by a provider. Immich's own have an ID token
 * but no row of ours; a session started here with a password and linked later has a token too, but also keeps its sign-in
 * address. Immich 3.0 has no column for the token.
 */
export const providerSession = {
	join: Prisma.sql`LEFT JOIN immich_auth.oauth_session AS begun ON begun."sessionId" = session."id"`,
	isBegun: Prisma.sql`(begun."sessionId" IS NOT NULL OR (
		(session."oauthSid" IS NOT NULL OR to_jsonb(session) ->> 'oauthBearerToken' IS NOT NULL)
		AND NOT EXISTS (
			SELECT FROM immich_auth.session_origin AS origin
			WHERE origin."sessionId" = session."id" AND origin."signInAddress" IS NOT NULL
		)
	))`,
	providerId: Prisma.sql`coalesce(begun."providerId", ${firstProviderId})`,
	/** Excludes one session and its parent; null excludes none. */
	isNot: (keptId: string | null) => Prisma.sql`(session."id" IS DISTINCT FROM ${keptId}::uuid
		AND session."id" NOT IN (
			SELECT kept."parentId" FROM "session" AS kept WHERE kept."id" = ${keptId}::uuid AND kept."parentId" IS NOT NULL
		))`
};
