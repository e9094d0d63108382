import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';

/**
 * Tells by SQL, over rows of `"session"` called `session`, which ones a provider began. Immich's own have an ID token but no
 * row of ours; a session begun here by password, which has been linked since, has one too but keeps where it was begun.
 */
export const providerSession = {
	join: Prisma.sql`LEFT JOIN immich_auth.oauth_session AS begun ON begun."sessionId" = session."id"`,
	isBegun: Prisma.sql`(begun."sessionId" IS NOT NULL OR (
		(session."oauthSid" IS NOT NULL OR session."oauthBearerToken" IS NOT NULL)
		AND NOT EXISTS (
			SELECT FROM immich_auth.session_origin AS origin
			WHERE origin."sessionId" = session."id" AND origin."signInAddress" IS NOT NULL
		)
	))`,
	providerId: Prisma.sql`coalesce(begun."providerId", ${firstProviderId})`,
	/** Leaves one session alone, and the session that it ends with. Null leaves none alone. */
	isNot: (keptId: string | null) => Prisma.sql`(session."id" IS DISTINCT FROM ${keptId}::uuid
		AND session."id" NOT IN (
			SELECT kept."parentId" FROM "session" AS kept WHERE kept."id" = ${keptId}::uuid AND kept."parentId" IS NOT NULL
		))`
};
