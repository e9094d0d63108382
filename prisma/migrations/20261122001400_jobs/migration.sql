-- Jobs: what pg-boss 10.4 makes at its first start (its plan for schema version 24, unchanged), in a schema of its own, so that
-- no start has to make it and two instances do not race. Prisma does not look at that schema: docs/decisions/019.
CREATE SCHEMA IF NOT EXISTS immich_auth_jobs;

    CREATE TYPE immich_auth_jobs.job_state AS ENUM (
      'created',
      'retry',
      'active',
      'completed',
      'cancelled',
      'failed'
    );

    CREATE TABLE immich_auth_jobs.version (
      version int primary key,
      maintained_on timestamp with time zone,
      cron_on timestamp with time zone,
      monitored_on timestamp with time zone
    );

    CREATE TABLE immich_auth_jobs.queue (
      name text,
      policy text,
      retry_limit int,
      retry_delay int,
      retry_backoff bool,
      expire_seconds int,
      retention_minutes int,
      dead_letter text REFERENCES immich_auth_jobs.queue (name),
      partition_name text,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY (name)
    );

    CREATE TABLE immich_auth_jobs.schedule (
      name text REFERENCES immich_auth_jobs.queue ON DELETE CASCADE,
      cron text not null,
      timezone text,
      data jsonb,
      options jsonb,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY (name)
    );

    CREATE TABLE immich_auth_jobs.subscription (
      event text not null,
      name text not null REFERENCES immich_auth_jobs.queue ON DELETE CASCADE,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY(event, name)
    );

    CREATE TABLE immich_auth_jobs.job (
      id uuid not null default gen_random_uuid(),
      name text not null,
      priority integer not null default(0),
      data jsonb,
      state immich_auth_jobs.job_state not null default('created'),
      retry_limit integer not null default(2),
      retry_count integer not null default(0),
      retry_delay integer not null default(0),
      retry_backoff boolean not null default false,
      start_after timestamp with time zone not null default now(),
      started_on timestamp with time zone,
      singleton_key text,
      singleton_on timestamp without time zone,
      expire_in interval not null default interval '15 minutes',
      created_on timestamp with time zone not null default now(),
      completed_on timestamp with time zone,
      keep_until timestamp with time zone NOT NULL default now() + interval '14 days',
      output jsonb,
      dead_letter text,
      policy text
    ) PARTITION BY LIST (name);
ALTER TABLE immich_auth_jobs.job ADD PRIMARY KEY (name, id);
CREATE TABLE immich_auth_jobs.archive (LIKE immich_auth_jobs.job);
ALTER TABLE immich_auth_jobs.archive ADD PRIMARY KEY (name, id);
ALTER TABLE immich_auth_jobs.archive ADD archived_on timestamptz NOT NULL DEFAULT now();
CREATE INDEX archive_i1 ON immich_auth_jobs.archive(archived_on);

    CREATE FUNCTION immich_auth_jobs.create_queue(queue_name text, options json)
    RETURNS VOID AS
    $$
    DECLARE
      table_name varchar := 'j' || encode(sha224(queue_name::bytea), 'hex');
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
      INSERT INTO immich_auth_jobs.queue (
        name,
        policy,
        retry_limit,
        retry_delay,
        retry_backoff,
        expire_seconds,
        retention_minutes,
        dead_letter,
        partition_name
      )
      VALUES (
        queue_name,
        options->>'policy',
        (options->>'retryLimit')::int,
        (options->>'retryDelay')::int,
        (options->>'retryBackoff')::bool,
        (options->>'expireInSeconds')::int,
        (options->>'retentionMinutes')::int,
        options->>'deadLetter',
        table_name
      )
      ON CONFLICT DO NOTHING
      RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE immich_auth_jobs.%I (LIKE immich_auth_jobs.job INCLUDING DEFAULTS)', table_name);

      EXECUTE format('ALTER TABLE immich_auth_jobs.%1$I ADD PRIMARY KEY (name, id)', table_name);
      EXECUTE format('ALTER TABLE immich_auth_jobs.%1$I ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES immich_auth_jobs.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
      EXECUTE format('ALTER TABLE immich_auth_jobs.%1$I ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES immich_auth_jobs.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i1 ON immich_auth_jobs.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''created'' AND policy = ''short''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i2 ON immich_auth_jobs.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''active'' AND policy = ''singleton''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i3 ON immich_auth_jobs.%1$I (name, state, COALESCE(singleton_key, '''')) WHERE state <= ''active'' AND policy = ''stately''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i4 ON immich_auth_jobs.%1$I (name, singleton_on, COALESCE(singleton_key, '''')) WHERE state <> ''cancelled'' AND singleton_on IS NOT NULL', table_name);
      EXECUTE format('CREATE INDEX %1$s_i5 ON immich_auth_jobs.%1$I (name, start_after) INCLUDE (priority, created_on, id) WHERE state < ''active''', table_name);

      EXECUTE format('ALTER TABLE immich_auth_jobs.%I ADD CONSTRAINT cjc CHECK (name=%L)', table_name, queue_name);
      EXECUTE format('ALTER TABLE immich_auth_jobs.job ATTACH PARTITION immich_auth_jobs.%I FOR VALUES IN (%L)', table_name, queue_name);
    END;
    $$
    LANGUAGE plpgsql;;

    CREATE FUNCTION immich_auth_jobs.delete_queue(queue_name text)
    RETURNS VOID AS
    $$
    DECLARE
      table_name varchar;
    BEGIN
      WITH deleted as (
        DELETE FROM immich_auth_jobs.queue
        WHERE name = queue_name
        RETURNING partition_name
      )
      SELECT partition_name from deleted INTO table_name;

      EXECUTE format('DROP TABLE IF EXISTS immich_auth_jobs.%I', table_name);
    END;
    $$
    LANGUAGE plpgsql;;
INSERT INTO immich_auth_jobs.version(version) VALUES ('24');

-- How pg-boss treats the queues that have work here: one job of a kind waits at a time, and a job whose worker has gone silent for a
-- minute is taken over.
SELECT immich_auth_jobs.create_queue('backgroundTask', '{"policy":"short","retryLimit":3,"retryDelay":30,"retryBackoff":true,"expireInSeconds":60}');
SELECT immich_auth_jobs.create_queue('nightly', '{"policy":"short","retryLimit":3,"retryDelay":30,"retryBackoff":true,"expireInSeconds":60}');
SELECT immich_auth_jobs.create_queue('__pgboss__send-it', '{"policy":"standard"}');

-- Which queues are paused, for every instance; and how many jobs came to an end in each hour.
-- CreateTable
CREATE TABLE "immich_auth"."job_queue" (
	"name" VARCHAR NOT NULL,
	"pausedAt" TIMESTAMPTZ(6),

	CONSTRAINT "job_queue_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "immich_auth"."job_hour" (
	"hour" TIMESTAMPTZ(6) NOT NULL,
	"queue" VARCHAR NOT NULL,
	"finished" INTEGER NOT NULL DEFAULT 0,
	"failed" INTEGER NOT NULL DEFAULT 0,

	CONSTRAINT "job_hour_pkey" PRIMARY KEY ("hour","queue")
);
