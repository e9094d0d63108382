-- Indexes of ours on Immich's table of assets, and nothing but indexes. The timeline counts without reading the rows, and lists
-- one month in order. The trash and what is about to be removed are few.
CREATE INDEX "immich_auth_asset_taken" ON "public"."asset" ("ownerId", "visibility", "localDateTime" DESC, "id" DESC)
	WHERE ("deletedAt" IS NULL);
CREATE INDEX "immich_auth_asset_trash" ON "public"."asset" ("ownerId", "deletedAt") WHERE ("deletedAt" IS NOT NULL);
CREATE INDEX "immich_auth_asset_removal" ON "public"."asset" ("id") WHERE ("status" = 'deleted');
