-- Indexes of ours on Immich's table of notifications, and nothing but indexes: a person's list, newest first, and what of it
-- is unread, which every page of the console counts.
CREATE INDEX "immich_auth_notification_newest" ON "public"."notification" ("userId", "createdAt" DESC, "id" DESC)
	WHERE "deletedAt" IS NULL;
CREATE INDEX "immich_auth_notification_unread" ON "public"."notification" ("userId", "createdAt" DESC, "id" DESC)
	WHERE "readAt" IS NULL AND "deletedAt" IS NULL;
