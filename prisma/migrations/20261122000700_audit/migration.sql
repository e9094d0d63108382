-- Who did what, to whom, when and from where.
-- CreateTable
CREATE TABLE "immich_auth"."audit_event" (
	"id" BIGSERIAL NOT NULL,
	"at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
	"action" VARCHAR NOT NULL,
	"outcome" VARCHAR NOT NULL DEFAULT 'done',
	"reason" VARCHAR,
	"actorId" UUID,
	"actorName" VARCHAR,
	"actorEmail" VARCHAR,
	"subjectId" UUID,
	"subjectName" VARCHAR,
	"subjectEmail" VARCHAR,
	"objectKind" VARCHAR,
	"objectId" UUID,
	"objectLabel" VARCHAR,
	"credentialKind" VARCHAR,
	"credentialId" UUID,
	"address" INET,
	"client" VARCHAR,
	"correlationId" VARCHAR,
	"batchId" UUID,
	"changes" JSONB,

	CONSTRAINT "audit_event_pkey" PRIMARY KEY ("at","id")
);

-- What else is asked of a person is read from the index too: an administrator may have done half of all there is.
-- CreateIndex
CREATE INDEX "audit_event_actorId_at_id_action_outcome_idx" ON "immich_auth"."audit_event"("actorId", "at", "id", "action", "outcome");

-- CreateIndex
CREATE INDEX "audit_event_subjectId_at_id_action_outcome_idx" ON "immich_auth"."audit_event"("subjectId", "at", "id", "action", "outcome");

-- CreateIndex
CREATE INDEX "audit_event_action_at_id_idx" ON "immich_auth"."audit_event"("action", "at", "id");

-- CreateIndex
CREATE INDEX "audit_event_address_at_id_idx" ON "immich_auth"."audit_event"("address", "at", "id");

-- Few are refused among many: found without reading past all the others.
CREATE INDEX "audit_event_refused" ON "immich_auth"."audit_event"("at", "id") WHERE "outcome" = 'refused';

-- What has been recorded stays as it is. The triggers stop this server and everybody who speaks SQL as its user; whoever owns the
-- table can take them away, which no trigger can help.
CREATE FUNCTION "immich_auth"."refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'immich_auth.audit_event is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER "audit_event_append_only"
	BEFORE UPDATE OR DELETE OR TRUNCATE ON "immich_auth"."audit_event"
	FOR EACH STATEMENT EXECUTE FUNCTION "immich_auth"."refuse_audit_change"();
