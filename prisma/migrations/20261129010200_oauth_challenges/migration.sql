-- CreateTable
CREATE TABLE "immich_auth"."oauth_challenge" (
    "hash" BYTEA NOT NULL,
    "expiresAt" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "oauth_challenge_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "oauth_challenge_expiresAt_idx" ON "immich_auth"."oauth_challenge"("expiresAt");
