-- The networks and browsers that a person has signed in from: the brake on an account doesn't hold them.
CREATE TABLE "immich_auth"."sign_in_origin" (
    "userId" UUID NOT NULL,
    "key" VARCHAR(80) NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_in_origin_pkey" PRIMARY KEY ("userId","key")
);

-- CreateIndex
CREATE INDEX "sign_in_origin_lastUsedAt_idx" ON "immich_auth"."sign_in_origin"("lastUsedAt");

-- AddForeignKey
ALTER TABLE "immich_auth"."sign_in_origin" ADD CONSTRAINT "sign_in_origin_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- People who are signed in now keep their IPv4 networks. IPv6 addresses would have to be cut, which may fail for what is no address.
INSERT INTO "immich_auth"."sign_in_origin" ("userId", "key")
SELECT DISTINCT session."userId", 'network:' || origin."signInAddress"
FROM "immich_auth"."session_origin" AS origin
JOIN "public"."session" AS session ON session."id" = origin."sessionId"
WHERE origin."signInAddress" ~ '^\d{1,3}(\.\d{1,3}){3}$'
ON CONFLICT DO NOTHING;
