-- Immich's tables of albums, partners, shared links and their assets. Where Immich has created them already, this file is
-- recorded as applied and not run.

CREATE TYPE "public"."album_user_role_enum" AS ENUM ('owner', 'editor', 'viewer');

CREATE TABLE "public"."asset_exif" (
	"assetId" UUID NOT NULL,
	"make" VARCHAR,
	"model" VARCHAR,
	"exifImageWidth" INTEGER,
	"exifImageHeight" INTEGER,
	"fileSizeInByte" BIGINT,
	"orientation" VARCHAR,
	"dateTimeOriginal" TIMESTAMPTZ,
	"modifyDate" TIMESTAMPTZ,
	"lensModel" VARCHAR,
	"fNumber" DOUBLE PRECISION,
	"focalLength" DOUBLE PRECISION,
	"iso" INTEGER,
	"latitude" DOUBLE PRECISION,
	"longitude" DOUBLE PRECISION,
	"city" VARCHAR,
	"state" VARCHAR,
	"country" VARCHAR,
	"description" TEXT NOT NULL DEFAULT '',
	"fps" DOUBLE PRECISION,
	"exposureTime" VARCHAR,
	"livePhotoCID" VARCHAR,
	"timeZone" VARCHAR,
	"projectionType" VARCHAR,
	"profileDescription" VARCHAR,
	"colorspace" VARCHAR,
	"bitsPerSample" INTEGER,
	"autoStackId" VARCHAR,
	"rating" INTEGER,
	"tags" VARCHAR[],
	"lockedProperties" VARCHAR[],
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	CONSTRAINT "asset_exif_pkey" PRIMARY KEY ("assetId"),
	CONSTRAINT "asset_exif_assetId_fkey" FOREIGN KEY ("assetId") REFERENCES "public"."asset" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);

CREATE TABLE "public"."asset_file" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"assetId" UUID NOT NULL,
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"type" VARCHAR NOT NULL,
	"path" VARCHAR NOT NULL,
	"isEdited" BOOLEAN NOT NULL DEFAULT false,
	"isProgressive" BOOLEAN NOT NULL DEFAULT false,
	"isTransparent" BOOLEAN NOT NULL DEFAULT false,
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	CONSTRAINT "asset_file_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "asset_file_assetId_type_isEdited_uq" UNIQUE ("assetId", "type", "isEdited"),
	CONSTRAINT "asset_file_assetId_fkey" FOREIGN KEY ("assetId") REFERENCES "public"."asset" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "public"."album" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"albumName" VARCHAR NOT NULL DEFAULT 'Untitled Album',
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"albumThumbnailAssetId" UUID,
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"description" TEXT,
	"deletedAt" TIMESTAMPTZ,
	"isActivityEnabled" BOOLEAN NOT NULL DEFAULT true,
	"order" VARCHAR NOT NULL DEFAULT 'desc',
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	CONSTRAINT "album_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "album_albumThumbnailAssetId_fkey" FOREIGN KEY ("albumThumbnailAssetId") REFERENCES "public"."asset" ("id") ON UPDATE CASCADE ON DELETE SET NULL
);

CREATE TABLE "public"."album_user" (
	"albumId" UUID NOT NULL,
	"userId" UUID NOT NULL,
	"role" "public"."album_user_role_enum" NOT NULL DEFAULT 'editor',
	"createId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	CONSTRAINT "album_user_pkey" PRIMARY KEY ("albumId", "userId"),
	CONSTRAINT "album_user_albumId_fkey" FOREIGN KEY ("albumId") REFERENCES "public"."album" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT "album_user_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "public"."album_asset" (
	"albumId" UUID NOT NULL,
	"assetId" UUID NOT NULL,
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	CONSTRAINT "album_asset_pkey" PRIMARY KEY ("albumId", "assetId"),
	CONSTRAINT "album_asset_albumId_fkey" FOREIGN KEY ("albumId") REFERENCES "public"."album" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT "album_asset_assetId_fkey" FOREIGN KEY ("assetId") REFERENCES "public"."asset" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "public"."activity" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"albumId" UUID NOT NULL,
	"userId" UUID NOT NULL,
	"assetId" UUID,
	"comment" TEXT,
	"isLiked" BOOLEAN NOT NULL DEFAULT false,
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	CONSTRAINT "activity_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "activity_like_check" CHECK (("comment" IS NULL AND "isLiked") OR ("comment" IS NOT NULL AND NOT "isLiked")),
	CONSTRAINT "activity_albumId_fkey" FOREIGN KEY ("albumId") REFERENCES "public"."album" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT "activity_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT "activity_assetId_fkey" FOREIGN KEY ("assetId") REFERENCES "public"."asset" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT "activity_albumId_assetId_fkey" FOREIGN KEY ("albumId", "assetId") REFERENCES "public"."album_asset" ("albumId", "assetId") ON UPDATE NO ACTION ON DELETE CASCADE
);

CREATE TABLE "public"."partner" (
	"sharedById" UUID NOT NULL,
	"sharedWithId" UUID NOT NULL,
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"createId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"inTimeline" BOOLEAN NOT NULL DEFAULT false,
	CONSTRAINT "partner_pkey" PRIMARY KEY ("sharedById", "sharedWithId"),
	CONSTRAINT "partner_sharedById_fkey" FOREIGN KEY ("sharedById") REFERENCES "public"."user" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
	CONSTRAINT "partner_sharedWithId_fkey" FOREIGN KEY ("sharedWithId") REFERENCES "public"."user" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);

CREATE TABLE "public"."shared_link" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"description" VARCHAR,
	"userId" UUID NOT NULL,
	"key" BYTEA NOT NULL,
	"type" VARCHAR NOT NULL,
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"expiresAt" TIMESTAMPTZ,
	"allowUpload" BOOLEAN NOT NULL DEFAULT false,
	"albumId" UUID,
	"allowDownload" BOOLEAN NOT NULL DEFAULT true,
	"showExif" BOOLEAN NOT NULL DEFAULT true,
	"password" VARCHAR,
	"slug" VARCHAR,
	CONSTRAINT "shared_link_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "shared_link_key_uq" UNIQUE ("key"),
	CONSTRAINT "shared_link_slug_uq" UNIQUE ("slug"),
	CONSTRAINT "shared_link_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT "shared_link_albumId_fkey" FOREIGN KEY ("albumId") REFERENCES "public"."album" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "public"."shared_link_asset" (
	"assetId" UUID NOT NULL,
	"sharedLinkId" UUID NOT NULL,
	CONSTRAINT "shared_link_asset_pkey" PRIMARY KEY ("assetId", "sharedLinkId"),
	CONSTRAINT "shared_link_asset_assetId_fkey" FOREIGN KEY ("assetId") REFERENCES "public"."asset" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT "shared_link_asset_sharedLinkId_fkey" FOREIGN KEY ("sharedLinkId") REFERENCES "public"."shared_link" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE INDEX "asset_exif_updateId_idx" ON "public"."asset_exif" ("updateId");
CREATE INDEX "asset_file_assetId_idx" ON "public"."asset_file" ("assetId");
CREATE INDEX "asset_file_updateId_idx" ON "public"."asset_file" ("updateId");
CREATE INDEX "album_albumThumbnailAssetId_idx" ON "public"."album" ("albumThumbnailAssetId");
CREATE INDEX "album_updateId_idx" ON "public"."album" ("updateId");
CREATE UNIQUE INDEX "album_user_albumId_owner_uq" ON "public"."album_user" ("albumId") WHERE ("role" = 'owner');
CREATE INDEX "album_user_albumId_idx" ON "public"."album_user" ("albumId");
CREATE INDEX "album_user_userId_idx" ON "public"."album_user" ("userId");
CREATE INDEX "album_user_createId_idx" ON "public"."album_user" ("createId");
CREATE INDEX "album_user_updateId_idx" ON "public"."album_user" ("updateId");
CREATE INDEX "album_asset_albumId_idx" ON "public"."album_asset" ("albumId");
CREATE INDEX "album_asset_assetId_idx" ON "public"."album_asset" ("assetId");
CREATE INDEX "album_asset_updateId_idx" ON "public"."album_asset" ("updateId");
CREATE UNIQUE INDEX "activity_like_idx" ON "public"."activity" ("assetId", "userId", "albumId") WHERE ("isLiked" = true);
CREATE INDEX "activity_albumId_assetId_idx" ON "public"."activity" ("albumId", "assetId");
CREATE INDEX "activity_userId_idx" ON "public"."activity" ("userId");
CREATE INDEX "activity_assetId_idx" ON "public"."activity" ("assetId");
CREATE INDEX "activity_updateId_idx" ON "public"."activity" ("updateId");
CREATE INDEX "partner_sharedWithId_idx" ON "public"."partner" ("sharedWithId");
CREATE INDEX "partner_createId_idx" ON "public"."partner" ("createId");
CREATE INDEX "partner_updateId_idx" ON "public"."partner" ("updateId");
CREATE INDEX "shared_link_userId_idx" ON "public"."shared_link" ("userId");
CREATE INDEX "shared_link_albumId_idx" ON "public"."shared_link" ("albumId");
CREATE INDEX "shared_link_asset_sharedLinkId_idx" ON "public"."shared_link_asset" ("sharedLinkId");

CREATE TRIGGER "asset_exif_updatedAt" BEFORE UPDATE ON "public"."asset_exif" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "asset_file_updatedAt" BEFORE UPDATE ON "public"."asset_file" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "album_updatedAt" BEFORE UPDATE ON "public"."album" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "album_user_updatedAt" BEFORE UPDATE ON "public"."album_user" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "album_asset_updatedAt" BEFORE UPDATE ON "public"."album_asset" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "activity_updatedAt" BEFORE UPDATE ON "public"."activity" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "partner_updatedAt" BEFORE UPDATE ON "public"."partner" FOR EACH ROW EXECUTE FUNCTION updated_at();
