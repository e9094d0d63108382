-- Immich's table of what apps note about assets. Where Immich has created it already, this file is recorded as applied and
-- not run.

CREATE TABLE "public"."asset_metadata" (
	"assetId" UUID NOT NULL,
	"key" VARCHAR NOT NULL,
	"value" JSONB NOT NULL,
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	CONSTRAINT "asset_metadata_pkey" PRIMARY KEY ("assetId", "key"),
	CONSTRAINT "asset_metadata_assetId_fkey" FOREIGN KEY ("assetId") REFERENCES "public"."asset" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE INDEX "asset_metadata_updateId_idx" ON "public"."asset_metadata" ("updateId");
CREATE INDEX "asset_metadata_updatedAt_idx" ON "public"."asset_metadata" ("updatedAt");

CREATE TRIGGER "asset_metadata_updated_at" BEFORE UPDATE ON "public"."asset_metadata" FOR EACH ROW EXECUTE FUNCTION updated_at();
