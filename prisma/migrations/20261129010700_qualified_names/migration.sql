-- The trigger names the table's schema, so that it works under any search_path, such as the empty one of pg_restore.
CREATE OR REPLACE FUNCTION immich_auth.api_key_end_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('immich_auth_people', "userId"::text) FROM public."api_key" WHERE "id" = NEW."keyId";
	RETURN NULL;
END
$$;
