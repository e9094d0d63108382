-- What Immich has no table for.
CREATE SCHEMA IF NOT EXISTS "immich_auth";

CREATE TABLE "immich_auth"."setting" (
	"key" VARCHAR NOT NULL,
	"value" JSONB NOT NULL,
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	CONSTRAINT "setting_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "immich_auth"."signing_secret" (
	"id" VARCHAR NOT NULL,
	"secret" BYTEA NOT NULL,
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	CONSTRAINT "signing_secret_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "immich_auth"."password_state" (
	"userId" UUID NOT NULL,
	"setBy" UUID,
	"setAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"expiresAt" TIMESTAMPTZ,
	"demandedBy" UUID,
	"demandedAt" TIMESTAMPTZ,
	CONSTRAINT "password_state_pkey" PRIMARY KEY ("userId"),
	CONSTRAINT "password_state_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "immich_auth"."user_activity" (
	"userId" UUID NOT NULL,
	"lastSignInAt" TIMESTAMPTZ,
	"lastSeenAt" TIMESTAMPTZ,
	CONSTRAINT "user_activity_pkey" PRIMARY KEY ("userId"),
	CONSTRAINT "user_activity_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE INDEX "user_activity_lastSeenAt_userId_idx" ON "immich_auth"."user_activity" ("lastSeenAt", "userId");
