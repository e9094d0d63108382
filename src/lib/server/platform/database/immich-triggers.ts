import pg, { type ClientBase } from 'pg';

/** Columns of our tables that contain the ID of a row of Immich's, by the table of that row. */
export const references: Readonly<Record<string, readonly string[]>> = {
	user: [
		'password_state.userId',
		'email_origin.userId',
		'user_activity.userId',
		'known_device.userId',
		'known_network.userId',
		'sign_in_origin.userId',
		'oauth_identity.userId',
		'oauth_flow.userId',
		'partner_request.sharedById',
		'partner_request.sharedWithId'
	],
	session: ['session_origin.sessionId', 'oauth_session.sessionId'],
	api_key: ['api_key_parent.parentId', 'api_key_parent.keyId', 'api_key_state.keyId', 'api_key_usage.keyId'],
	shared_link: ['shared_link_visit.linkId']
};

interface Trigger {
	readonly table: string;
	readonly name: string;
	/** What follows the name and the table, without the function. */
	readonly event: string;
	readonly call: string;
}

const onDeleted = (table: string, call: string): Trigger[] => [
	{
		table,
		name: 'references_removed',
		event: 'AFTER DELETE {} REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT',
		call
	}
];

const statement = (kind: 'OLD' | 'NEW', rows: string) => `{} REFERENCING ${kind} TABLE AS ${rows} FOR EACH STATEMENT`;

const onPeople = (table: string, column: string): Trigger[] => {
	const call = `people_changed('${column}')`;
	return [
		{ table, name: 'people_updated', event: `AFTER UPDATE ${statement('OLD', 'changed_rows')}`, call },
		{ table, name: 'people_deleted', event: `AFTER DELETE ${statement('OLD', 'changed_rows')}`, call },
		{ table, name: 'people_emptied', event: 'AFTER TRUNCATE {} FOR EACH STATEMENT', call }
	];
};

/** None has a condition or a list of columns, which would keep Immich from changing those columns. */
const triggers: readonly Trigger[] = [
	...onPeople('user', 'id'),
	...onPeople('session', 'userId'),
	...onPeople('api_key', 'userId'),
	...onPeople('user_metadata', 'userId'),
	{
		table: 'user_metadata',
		name: 'people_inserted',
		event: `AFTER INSERT ${statement('NEW', 'changed_rows')}`,
		call: `people_changed('userId')`
	},
	{
		table: 'user',
		name: 'accounts_inserted',
		event: 'AFTER INSERT {} FOR EACH STATEMENT',
		call: 'accounts_changed()'
	},
	{
		table: 'user',
		name: 'accounts_updated',
		event: 'AFTER UPDATE {} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT',
		call: 'accounts_changed()'
	},
	{
		table: 'user',
		name: 'accounts_deleted',
		event: `AFTER DELETE ${statement('OLD', 'old_rows')}`,
		call: 'accounts_changed()'
	},
	{
		table: 'notification',
		name: 'notification_made',
		event: 'AFTER INSERT {} FOR EACH ROW',
		call: 'notification_made()'
	},
	{
		table: 'system_metadata',
		name: 'metadata_changed',
		event: 'AFTER INSERT OR UPDATE OR DELETE {} FOR EACH ROW',
		call: 'metadata_changed()'
	},
	{
		table: 'system_metadata',
		name: 'metadata_emptied',
		event: 'AFTER TRUNCATE {} FOR EACH STATEMENT',
		call: 'metadata_changed()'
	}
];

/** Instead of foreign keys. */
const cascades: readonly Trigger[] = Object.entries(references).flatMap(([table, columns]) =>
	onDeleted(table, `references_removed(${columns.map((column) => `'${column}'`).join(', ')})`)
);

const prefix = 'immich_auth_';
const wanted = (isAttached: boolean): readonly Trigger[] => (isAttached ? [...triggers, ...cascades] : triggers);

/** Counts the triggers that each of Immich's tables gets. */
export function listTriggers(isAttached: boolean): Readonly<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const { table } of wanted(isAttached)) counts[table] = (counts[table] ?? 0) + 1;
	return counts;
}

/** Reads which of our triggers are on which of Immich's tables, as `table.trigger`, and the tables' OIDs. */
const present = `
	SELECT relname AS "table", pg_class.oid::text AS "oid",
		array_remove(array_agg(tgname::text ORDER BY tgname), NULL) AS "names"
	FROM pg_class LEFT JOIN pg_trigger ON tgrelid = pg_class.oid AND tgname LIKE 'immich\\_auth\\_%'
	WHERE relnamespace = to_regnamespace('public') AND relkind = 'r' AND relname = ANY($1)
	GROUP BY relname, pg_class.oid ORDER BY relname`;

interface PresentRow {
	readonly table: string;
	readonly oid: string;
	readonly names: readonly string[];
}

/** What is there of our triggers. */
export interface TriggerState {
	/** Differs once tables or triggers were replaced, as a restore does. */
	readonly version: string;
	readonly missing: readonly Trigger[];
}

/** Compares the database with the triggers it should have. */
export async function readTriggers(client: ClientBase, isAttached: boolean): Promise<TriggerState> {
	const all = wanted(isAttached);
	const tables = [...new Set(all.map(({ table }) => table))];
	const { rows } = await client.query<PresentRow>(present, [tables]);
	const found = new Map(rows.map(({ table, names }) => [table, new Set(names)]));
	return {
		version: JSON.stringify(rows),
		// A table that isn't there can't have any.
		missing: all.filter(({ table, name }) => found.get(table)?.has(prefix + name) === false)
	};
}

/** Creates the triggers that are missing. */
export async function makeTriggers(client: ClientBase, isAttached: boolean): Promise<boolean> {
	const { missing } = await readTriggers(client, isAttached);
	for (const { table, name, event, call } of missing) {
		const on = `ON public.${pg.escapeIdentifier(table)}`;
		await client.query(
			`CREATE TRIGGER ${prefix}${name} ${event.replace('{}', on)} EXECUTE FUNCTION immich_auth.${call}`
		);
	}
	return missing.length > 0;
}

/** Drops everything of ours that could keep Immich from changing or restoring its tables: foreign keys and indexes. */
export async function dropObstacles(client: ClientBase): Promise<void> {
	await client.query(`
		DO $$
		DECLARE
			found record;
		BEGIN
			FOR found IN
				SELECT conrelid::regclass AS relation, conname FROM pg_constraint
				JOIN pg_class AS own ON own.oid = conrelid JOIN pg_class AS target ON target.oid = confrelid
				WHERE contype = 'f' AND own.relnamespace = 'immich_auth'::regnamespace
					AND target.relnamespace = 'public'::regnamespace
			LOOP
				EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.relation, found.conname);
			END LOOP;
			FOR found IN
				SELECT pg_class.oid::regclass AS index FROM pg_class
				WHERE relnamespace = 'public'::regnamespace AND relkind = 'i' AND relname LIKE 'immich\\_auth\\_%'
			LOOP
				EXECUTE format('DROP INDEX %s', found.index);
			END LOOP;
		END
		$$`);
}

/** Deletes rows of ours that belong to no row of Immich's any more, as after a restore. */
export async function sweepOrphans(client: Pick<ClientBase, 'query'>): Promise<void> {
	const deletions = Object.entries(references).flatMap(([table, columns]) =>
		columns.map((column) => {
			const [own = '', name = ''] = column.split('.').map((part) => pg.escapeIdentifier(part));
			return `DELETE FROM immich_auth.${own} AS own WHERE NOT EXISTS (
				SELECT FROM public.${pg.escapeIdentifier(table)} AS target WHERE target."id" = own.${name}
			) AND own.${name} IS NOT NULL`;
		})
	);
	await client.query(deletions.join(';\n'));
}
