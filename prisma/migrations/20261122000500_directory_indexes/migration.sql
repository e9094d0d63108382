-- An index of ours on Immich's user table, and nothing but an index: the few that are deleted.
CREATE INDEX "immich_auth_user_deleted" ON "public"."user" ("deletedAt");
