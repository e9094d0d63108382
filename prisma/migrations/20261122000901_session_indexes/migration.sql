-- An index of ours on Immich's session table, and nothing but an index: a person's sessions by last use, a page at a time.
CREATE INDEX "immich_auth_session_last_used" ON "public"."session" ("userId", "updatedAt" DESC, "id" DESC);
