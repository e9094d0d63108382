-- The key that stored secrets are encrypted with, itself encrypted with a key outside of the database.
CREATE TABLE "immich_auth"."encryption_key" (
    "id" VARCHAR NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "encryption_key_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "immich_auth"."signing_secret" ADD COLUMN "isSealed" BOOLEAN NOT NULL DEFAULT false;
