-- Immich's table of what people are told. Where Immich has made it already, this file is recorded as applied and not run.
CREATE TABLE "public"."notification" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"deletedAt" TIMESTAMPTZ,
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"userId" UUID,
	"level" VARCHAR NOT NULL DEFAULT 'info',
	"type" VARCHAR NOT NULL DEFAULT 'info',
	"data" JSONB,
	"title" VARCHAR NOT NULL,
	"description" TEXT,
	"readAt" TIMESTAMPTZ,
	CONSTRAINT "notification_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "notification_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE INDEX "notification_updateId_idx" ON "public"."notification" ("updateId");
CREATE INDEX "notification_userId_idx" ON "public"."notification" ("userId");

CREATE TRIGGER "notification_updatedAt" BEFORE UPDATE ON "public"."notification" FOR EACH ROW EXECUTE FUNCTION updated_at();
