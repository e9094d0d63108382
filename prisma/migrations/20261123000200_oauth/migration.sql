-- CreateTable
CREATE TABLE "immich_auth"."oauth_identity" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "userId" UUID NOT NULL,
    "providerId" VARCHAR NOT NULL,
    "issuer" VARCHAR NOT NULL,
    "subject" VARCHAR NOT NULL,
    "email" VARCHAR,
    "linkedAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(6),

    CONSTRAINT "oauth_identity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "immich_auth"."oauth_flow" (
    "key" BYTEA NOT NULL,
    "kind" VARCHAR NOT NULL,
    "providerId" VARCHAR NOT NULL,
    "nonce" VARCHAR NOT NULL,
    "redirectUri" VARCHAR NOT NULL,
    "userId" UUID,
    "snapshot" JSONB,
    "expiresAt" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "oauth_flow_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "immich_auth"."oauth_session" (
    "sessionId" UUID NOT NULL,
    "providerId" VARCHAR NOT NULL,
    "issuer" VARCHAR NOT NULL,
    "subject" VARCHAR NOT NULL,

    CONSTRAINT "oauth_session_pkey" PRIMARY KEY ("sessionId")
);

-- CreateTable
CREATE TABLE "immich_auth"."oauth_logout_token" (
    "issuer" VARCHAR NOT NULL,
    "tokenId" VARCHAR NOT NULL,
    "expiresAt" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "oauth_logout_token_pkey" PRIMARY KEY ("issuer","tokenId")
);

-- CreateIndex
CREATE UNIQUE INDEX "oauth_identity_issuer_subject_key" ON "immich_auth"."oauth_identity"("issuer", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "oauth_identity_userId_providerId_key" ON "immich_auth"."oauth_identity"("userId", "providerId");

-- CreateIndex
CREATE INDEX "oauth_flow_expiresAt_idx" ON "immich_auth"."oauth_flow"("expiresAt");

-- CreateIndex
CREATE INDEX "oauth_session_issuer_subject_idx" ON "immich_auth"."oauth_session"("issuer", "subject");

-- CreateIndex
CREATE INDEX "oauth_logout_token_expiresAt_idx" ON "immich_auth"."oauth_logout_token"("expiresAt");

-- AddForeignKey
ALTER TABLE "immich_auth"."oauth_identity" ADD CONSTRAINT "oauth_identity_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "immich_auth"."oauth_flow" ADD CONSTRAINT "oauth_flow_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "immich_auth"."oauth_session" ADD CONSTRAINT "oauth_session_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;
