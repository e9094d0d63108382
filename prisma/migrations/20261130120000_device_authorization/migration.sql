-- AlterTable
ALTER TABLE "immich_auth"."session_origin" ADD COLUMN     "clientName" VARCHAR;

-- CreateTable
CREATE TABLE "immich_auth"."device_authorization" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "deviceCodeHash" BYTEA NOT NULL,
    "userCodeHash" BYTEA NOT NULL,
    "clientName" VARCHAR NOT NULL,
    "address" VARCHAR,
    "client" VARCHAR,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(6) NOT NULL,
    "state" VARCHAR NOT NULL DEFAULT 'pending',
    "userId" UUID,
    "sessionId" UUID,
    "passwordDigest" BYTEA,
    "intervalSeconds" INTEGER NOT NULL,
    "lastPolledAt" TIMESTAMPTZ(6),

    CONSTRAINT "device_authorization_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "device_authorization_deviceCodeHash_key" ON "immich_auth"."device_authorization"("deviceCodeHash");

-- CreateIndex
CREATE UNIQUE INDEX "device_authorization_userCodeHash_key" ON "immich_auth"."device_authorization"("userCodeHash");

-- CreateIndex
CREATE INDEX "device_authorization_expiresAt_idx" ON "immich_auth"."device_authorization"("expiresAt");
