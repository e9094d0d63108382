import { firstProviderId } from '#lib/contract/oauth.ts';
import { Prisma } from '../generated/prisma/client.ts';

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
	providerId: Prisma.sql`coalesce(begun."providerId", ${firstProviderId})`
};
