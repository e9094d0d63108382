-- What Immich's tables and its backups need of us: docs/decisions/038. Triggers on Immich's tables are created at each start,
-- by platform/database/immich-triggers.ts; here are only their functions. None of them can make a statement of Immich's fail.

-- The old triggers, some of which named columns.
DO $$
DECLARE
	found record;
BEGIN
	FOR found IN
		SELECT tgrelid::regclass AS relation, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
		WHERE relnamespace = 'public'::regnamespace AND tgname LIKE 'immich\_auth\_%' AND NOT tgisinternal
	LOOP
		EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, found.relation);
	END LOOP;
END
$$;

-- The argument names the column with the user's ID; a table without it reports that any user may have changed.
CREATE OR REPLACE FUNCTION immich_auth.people_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
	ids text[];
	changed text;
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		ids := ARRAY['*'];
	ELSE
		BEGIN
			EXECUTE format('SELECT array_agg(id) FROM (SELECT DISTINCT %I::text AS id FROM changed_rows LIMIT 101) AS distinct_ids', TG_ARGV[0])
				INTO ids;
		EXCEPTION WHEN OTHERS THEN
			ids := ARRAY['*'];
		END;
	END IF;
	IF cardinality(ids) > 100 THEN
		ids := ARRAY['*'];
	END IF;
	FOREACH changed IN ARRAY coalesce(ids, '{}') LOOP
		PERFORM pg_notify('immich_auth_people', coalesce(changed, '*'));
	END LOOP;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION immich_auth.accounts_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
	deleted text := '';
BEGIN
	BEGIN
		IF TG_OP = 'UPDATE' THEN
			EXECUTE 'SELECT CASE WHEN count(*) <= 100 THEN coalesce(string_agg(before."id"::text, '',''), '''') ELSE '''' END
				FROM old_rows AS before JOIN new_rows AS after USING ("id")
				WHERE before."deletedAt" IS NULL AND after."deletedAt" IS NOT NULL' INTO deleted;
		ELSIF TG_OP = 'DELETE' THEN
			EXECUTE 'SELECT CASE WHEN count(*) <= 100 THEN coalesce(string_agg("id"::text, '',''), '''') ELSE '''' END FROM old_rows'
				INTO deleted;
		END IF;
	EXCEPTION WHEN OTHERS THEN
		deleted := '';
	END;
	PERFORM pg_notify('immich_auth_accounts', deleted);
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION immich_auth.notification_made() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
	made jsonb := to_jsonb(NEW);
BEGIN
	IF made ->> 'userId' IS NOT NULL AND made ->> 'type' IS DISTINCT FROM 'Custom' THEN
		PERFORM pg_notify('immich_auth_notifications', (made ->> 'userId') || ':' || coalesce(made ->> 'id', ''));
	END IF;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;

-- A row without a key reports that any of the documents may have changed.
CREATE FUNCTION immich_auth.metadata_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
	changed text;
BEGIN
	IF TG_OP = 'DELETE' THEN
		changed := to_jsonb(OLD) ->> 'key';
	ELSIF TG_OP <> 'TRUNCATE' THEN
		changed := to_jsonb(NEW) ->> 'key';
	END IF;
	IF coalesce(changed, 'system-config') = 'system-config' THEN
		PERFORM pg_notify('immich_auth_settings', 'changed');
	END IF;
	IF coalesce(changed, 'maintenance-mode') = 'maintenance-mode' THEN
		PERFORM pg_notify('immich_auth_maintenance', 'changed');
	END IF;
	IF coalesce(changed, 'version-check-state') = 'version-check-state' AND TG_OP <> 'DELETE' THEN
		PERFORM pg_notify('immich_auth_releases', 'checked');
	END IF;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;

-- Stands in for the cascade of foreign keys, which Immich's tables don't get. Each argument is a table and a column of ours
-- that contains the ID of a deleted row. What this misses is found by the sweep. Never makes Immich wait for long.
CREATE FUNCTION immich_auth.references_removed() RETURNS trigger
LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
DECLARE
	ids text[];
	target text;
BEGIN
	EXECUTE 'SELECT array_agg(to_jsonb(changed_rows) ->> ''id'') FROM changed_rows' INTO ids;
	FOREACH target IN ARRAY TG_ARGV LOOP
		EXECUTE format('DELETE FROM immich_auth.%I WHERE %I = ANY($1::uuid[])', split_part(target, '.', 1), split_part(target, '.', 2))
			USING ids;
	END LOOP;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION "immich_auth"."end_child_key"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM "public"."api_key" WHERE "id" = OLD."keyId";
	RETURN NULL;
EXCEPTION WHEN undefined_table OR undefined_column OR undefined_function OR datatype_mismatch THEN
	RETURN NULL;
END
$$;

DROP FUNCTION immich_auth.version_checked();

-- pg-boss's queues as rows of one table: pg_restore can't drop the keys of partitions, and so failed on the whole database.
CREATE TABLE immich_auth_jobs.whole_job (LIKE immich_auth_jobs.job INCLUDING DEFAULTS);
INSERT INTO immich_auth_jobs.whole_job SELECT * FROM immich_auth_jobs.job;
DROP TABLE immich_auth_jobs.job CASCADE;
ALTER TABLE immich_auth_jobs.whole_job RENAME TO job;
ALTER TABLE immich_auth_jobs.job ADD CONSTRAINT job_pkey PRIMARY KEY (name, id);
ALTER TABLE immich_auth_jobs.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES immich_auth_jobs.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE immich_auth_jobs.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES immich_auth_jobs.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX job_i1 ON immich_auth_jobs.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short';
CREATE UNIQUE INDEX job_i2 ON immich_auth_jobs.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton';
CREATE UNIQUE INDEX job_i3 ON immich_auth_jobs.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately';
CREATE UNIQUE INDEX job_i4 ON immich_auth_jobs.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL;
CREATE INDEX job_i5 ON immich_auth_jobs.job (name, start_after) INCLUDE (priority, created_on, id) WHERE state < 'active';

CREATE OR REPLACE FUNCTION immich_auth_jobs.create_queue(queue_name text, options json) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO immich_auth_jobs.queue (name, policy, retry_limit, retry_delay, retry_backoff, expire_seconds,
		retention_minutes, dead_letter, partition_name)
	VALUES (
		queue_name, options ->> 'policy', (options ->> 'retryLimit')::int, (options ->> 'retryDelay')::int,
		(options ->> 'retryBackoff')::bool, (options ->> 'expireInSeconds')::int, (options ->> 'retentionMinutes')::int,
		options ->> 'deadLetter', 'job'
	)
	ON CONFLICT DO NOTHING
$$;
UPDATE immich_auth_jobs.queue SET partition_name = 'job';

CREATE OR REPLACE FUNCTION immich_auth_jobs.delete_queue(queue_name text) RETURNS void
LANGUAGE sql AS $$
	DELETE FROM immich_auth_jobs.job WHERE name = queue_name;
	DELETE FROM immich_auth_jobs.queue WHERE name = queue_name
$$;
