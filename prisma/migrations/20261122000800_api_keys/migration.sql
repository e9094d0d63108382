-- What is known of an API key beyond Immich's row: how long it lives, what it looks like, and which permissions it uses.
-- CreateTable
CREATE TABLE "immich_auth"."api_key_state" (
	"keyId" UUID NOT NULL,
	"prefix" VARCHAR,
	"lastFour" VARCHAR,
	"expiresAt" TIMESTAMPTZ(6),
	"lastUsedAt" TIMESTAMPTZ(6),
	"lastUsedFrom" VARCHAR,
	"lastUsedBy" VARCHAR,

	CONSTRAINT "api_key_state_pkey" PRIMARY KEY ("keyId")
);

-- CreateTable
CREATE TABLE "immich_auth"."api_key_usage" (
	"keyId" UUID NOT NULL,
	"day" DATE NOT NULL,
	"permission" VARCHAR NOT NULL,
	"count" INTEGER NOT NULL,
	"lastUsedAt" TIMESTAMPTZ(6) NOT NULL,

	CONSTRAINT "api_key_usage_pkey" PRIMARY KEY ("keyId","day","permission")
);

-- AddForeignKey
ALTER TABLE "immich_auth"."api_key_state" ADD CONSTRAINT "api_key_state_keyId_fkey" FOREIGN KEY ("keyId") REFERENCES "api_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "immich_auth"."api_key_usage" ADD CONSTRAINT "api_key_usage_keyId_fkey" FOREIGN KEY ("keyId") REFERENCES "api_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;
