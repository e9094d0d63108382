-- Immich's tables of photos and videos, as far as counting them needs them. Where Immich has made them already, this file is
-- recorded as applied and not run.

-- A search for a file's name disregards accents. Without the extensions that index is left out: slower, not wrong.
DO $$
DECLARE
	extension_schema text;
BEGIN
	BEGIN
		IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'unaccent') THEN
			CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
		END IF;
	EXCEPTION
		WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN NULL;
	END;
	SELECT nspname INTO extension_schema
		FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
		WHERE extname = 'unaccent';
	-- The dictionary is named, so that the result depends on nothing that can be set, as an index demands.
	IF extension_schema IS NOT NULL AND to_regprocedure('public.f_unaccent(text)') IS NULL THEN
		EXECUTE format(
			'CREATE FUNCTION public.f_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
				RETURN %1$I.unaccent(''%1$I.unaccent''::regdictionary, $1)',
			extension_schema
		);
	END IF;
END
$$;

CREATE TYPE "public"."assets_status_enum" AS ENUM ('active', 'trashed', 'deleted');
CREATE TYPE "public"."asset_visibility_enum" AS ENUM ('archive', 'timeline', 'hidden', 'locked');
CREATE TYPE "public"."asset_checksum_algorithm_enum" AS ENUM ('sha1', 'sha1-path');

CREATE FUNCTION "public"."asset_delete_audit"() RETURNS trigger
	LANGUAGE plpgsql
	AS $$
		BEGIN
			INSERT INTO public.asset_audit ("assetId", "ownerId") SELECT "id", "ownerId" FROM deleted;
			RETURN NULL;
		END
	$$;

CREATE FUNCTION "public"."stack_delete_audit"() RETURNS trigger
	LANGUAGE plpgsql
	AS $$
		BEGIN
			INSERT INTO public.stack_audit ("stackId", "userId") SELECT "id", "ownerId" FROM deleted;
			RETURN NULL;
		END
	$$;

CREATE TABLE "public"."library" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"name" VARCHAR NOT NULL,
	"ownerId" UUID NOT NULL,
	"importPaths" TEXT[] NOT NULL,
	"exclusionPatterns" TEXT[] NOT NULL,
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"deletedAt" TIMESTAMPTZ,
	"refreshedAt" TIMESTAMPTZ,
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	CONSTRAINT "library_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "library_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "public"."asset" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"ownerId" UUID NOT NULL,
	"type" VARCHAR NOT NULL,
	"originalPath" VARCHAR NOT NULL,
	"fileCreatedAt" TIMESTAMPTZ NOT NULL,
	"fileModifiedAt" TIMESTAMPTZ NOT NULL,
	"isFavorite" BOOLEAN NOT NULL DEFAULT false,
	"duration" INTEGER,
	"checksum" BYTEA NOT NULL,
	"livePhotoVideoId" UUID,
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"originalFileName" VARCHAR NOT NULL,
	"thumbhash" BYTEA,
	"isOffline" BOOLEAN NOT NULL DEFAULT false,
	"libraryId" UUID,
	"isExternal" BOOLEAN NOT NULL DEFAULT false,
	"deletedAt" TIMESTAMPTZ,
	"localDateTime" TIMESTAMPTZ NOT NULL,
	"stackId" UUID,
	"duplicateId" UUID,
	"status" "public"."assets_status_enum" NOT NULL DEFAULT 'active',
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"visibility" "public"."asset_visibility_enum" NOT NULL DEFAULT 'timeline',
	"width" INTEGER,
	"height" INTEGER,
	"isEdited" BOOLEAN NOT NULL DEFAULT false,
	"checksumAlgorithm" "public"."asset_checksum_algorithm_enum" NOT NULL,
	CONSTRAINT "asset_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "asset_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT "asset_livePhotoVideoId_fkey" FOREIGN KEY ("livePhotoVideoId") REFERENCES "public"."asset" ("id") ON UPDATE CASCADE ON DELETE SET NULL,
	CONSTRAINT "asset_libraryId_fkey" FOREIGN KEY ("libraryId") REFERENCES "public"."library" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "public"."stack" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"primaryAssetId" UUID NOT NULL,
	"ownerId" UUID NOT NULL,
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	CONSTRAINT "stack_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "stack_primaryAssetId_uq" UNIQUE ("primaryAssetId"),
	CONSTRAINT "stack_primaryAssetId_fkey" FOREIGN KEY ("primaryAssetId") REFERENCES "public"."asset" ("id"),
	CONSTRAINT "stack_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

ALTER TABLE "public"."asset" ADD CONSTRAINT "asset_stackId_fkey"
	FOREIGN KEY ("stackId") REFERENCES "public"."stack" ("id") ON UPDATE CASCADE ON DELETE SET NULL;

CREATE TABLE "public"."asset_audit" (
	"id" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"assetId" UUID NOT NULL,
	"ownerId" UUID NOT NULL,
	"deletedAt" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT "asset_audit_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "public"."stack_audit" (
	"id" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"stackId" UUID NOT NULL,
	"userId" UUID NOT NULL,
	"deletedAt" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT "stack_audit_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "library_ownerId_idx" ON "public"."library" ("ownerId");
CREATE INDEX "library_updateId_idx" ON "public"."library" ("updateId");

CREATE UNIQUE INDEX "UQ_assets_owner_checksum" ON "public"."asset" ("ownerId", "checksum") WHERE ("libraryId" IS NULL);
CREATE UNIQUE INDEX "asset_ownerId_libraryId_checksum_idx" ON "public"."asset" ("ownerId", "libraryId", "checksum") WHERE ("libraryId" IS NOT NULL);
CREATE INDEX "asset_checksum_idx" ON "public"."asset" ("checksum");
CREATE INDEX "asset_createdAt_idx" ON "public"."asset" ("createdAt");
CREATE INDEX "asset_duplicateId_idx" ON "public"."asset" ("duplicateId");
CREATE INDEX "asset_fileCreatedAt_idx" ON "public"."asset" ("fileCreatedAt");
CREATE INDEX "asset_id_stackId_idx" ON "public"."asset" ("id", "stackId");
CREATE INDEX "asset_id_timeline_notDeleted_idx" ON "public"."asset" ("id") WHERE ("visibility" = 'timeline' AND "deletedAt" IS NULL);
CREATE INDEX "asset_libraryId_idx" ON "public"."asset" ("libraryId");
CREATE INDEX "asset_livePhotoVideoId_idx" ON "public"."asset" ("livePhotoVideoId");
CREATE INDEX "asset_localDateTime_idx" ON "public"."asset" ((("localDateTime" AT TIME ZONE 'UTC')::date));
CREATE INDEX "asset_localDateTime_month_idx" ON "public"."asset" ((date_trunc('MONTH', "localDateTime" AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'));
CREATE INDEX "asset_originalFileName_idx" ON "public"."asset" ("originalFileName");
CREATE INDEX "asset_originalPath_libraryId_idx" ON "public"."asset" ("originalPath", "libraryId");
CREATE INDEX "asset_ownerId_idx" ON "public"."asset" ("ownerId");
CREATE INDEX "asset_stackId_idx" ON "public"."asset" ("stackId");
CREATE INDEX "asset_updateId_idx" ON "public"."asset" ("updateId");

DO $$
DECLARE
	extension_schema text;
BEGIN
	SELECT nspname INTO extension_schema
		FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
		WHERE extname = 'pg_trgm';
	IF extension_schema IS NOT NULL AND to_regprocedure('public.f_unaccent(text)') IS NOT NULL THEN
		EXECUTE format(
			'CREATE INDEX "asset_originalFilename_trigram_idx" ON "public"."asset"
				USING gin (public.f_unaccent("originalFileName"::text) %I.gin_trgm_ops)',
			extension_schema
		);
	END IF;
END
$$;

CREATE INDEX "stack_primaryAssetId_idx" ON "public"."stack" ("primaryAssetId");
CREATE INDEX "stack_ownerId_idx" ON "public"."stack" ("ownerId");

CREATE INDEX "asset_audit_assetId_idx" ON "public"."asset_audit" ("assetId");
CREATE INDEX "asset_audit_ownerId_idx" ON "public"."asset_audit" ("ownerId");
CREATE INDEX "asset_audit_deletedAt_idx" ON "public"."asset_audit" ("deletedAt");
CREATE INDEX "stack_audit_deletedAt_idx" ON "public"."stack_audit" ("deletedAt");

CREATE TRIGGER "library_updatedAt" BEFORE UPDATE ON "public"."library" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "asset_updatedAt" BEFORE UPDATE ON "public"."asset" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "stack_updatedAt" BEFORE UPDATE ON "public"."stack" FOR EACH ROW EXECUTE FUNCTION updated_at();

-- What goes with its owner is told of by the owner's own row.
CREATE TRIGGER "asset_delete_audit" AFTER DELETE ON "public"."asset" REFERENCING OLD TABLE AS deleted
	FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION asset_delete_audit();
CREATE TRIGGER "stack_delete_audit" AFTER DELETE ON "public"."stack" REFERENCING OLD TABLE AS deleted
	FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION stack_delete_audit();
