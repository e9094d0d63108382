-- The action that ends the sessions of all users was recorded under a nonstandard name.
ALTER TABLE "immich_auth"."audit_event" DISABLE TRIGGER "audit_event_append_only";
UPDATE "immich_auth"."audit_event" SET "action" = 'session.endAllUsers' WHERE "action" = 'session.endEverybodys';
ALTER TABLE "immich_auth"."audit_event" ENABLE TRIGGER "audit_event_append_only";
