-- AlterTable
ALTER TABLE "immich_auth"."oauth_identity" ADD COLUMN     "linkedBy" VARCHAR,
ADD COLUMN     "verifiedEmail" VARCHAR;

-- CreateTable
CREATE TABLE "immich_auth"."email_origin" (
    "userId" UUID NOT NULL,
    "email" VARCHAR NOT NULL,
    "origin" VARCHAR NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "email_origin_pkey" PRIMARY KEY ("userId")
);

-- AddForeignKey
ALTER TABLE "immich_auth"."email_origin" ADD CONSTRAINT "email_origin_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The audit log says who set the email of an existing account. An account without such an event was made by Immich, where
-- users can change their own email, so its origin stays unknown and the account is not linked by email.
INSERT INTO "immich_auth"."email_origin" ("userId", "email", "origin", "since")
SELECT account."id", account."email",
	CASE WHEN latest."action" IN ('auth.signUp', 'user.create', 'user.update') THEN 'admin' ELSE 'self' END,
	CASE WHEN latest."action" IN ('auth.signUp', 'user.create', 'oauth.register') THEN account."createdAt" ELSE latest."at" END
FROM "user" AS account
JOIN LATERAL (
	SELECT event."action", event."at", event."changes" FROM "immich_auth"."audit_event" AS event
	WHERE event."subjectId" = account."id" AND event."outcome" = 'done' AND event."changes" -> 'email' IS NOT NULL
	ORDER BY event."at" DESC, event."id" DESC LIMIT 1
) AS latest ON latest."changes" -> 'email' ->> 'to' = account."email";

-- Existing identities count as linked by the signed-in user, except where the account was registered through a provider,
-- because that did not require a verified email.
UPDATE "immich_auth"."oauth_identity" AS identity SET "linkedBy" = CASE WHEN EXISTS (
	SELECT FROM "immich_auth"."audit_event" AS event
	WHERE event."subjectId" = identity."userId" AND event."action" = 'oauth.register'
) THEN 'registration' ELSE 'session' END;
