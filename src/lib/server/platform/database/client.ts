import pg from 'pg';

/**
 * Session settings that a client may send while connecting. PgBouncer and similar poolers accept these and apply them to each of
 * their clients in every pooling mode; any other would be refused.
 */
const startupSettings = { DateStyle: 'ISO, MDY', TimeZone: 'UTC', standard_conforming_strings: 'on' };

/** What the code relies on, whatever is set for the role, the database or the server. Names an older server lacks are skipped. */
const sessionSettings: Readonly<Record<string, string>> = {
	...startupSettings,
	IntervalStyle: 'postgres',
	array_nulls: 'on',
	backslash_quote: 'safe_encoding',
	bytea_output: 'hex',
	check_function_bodies: 'on',
	default_transaction_deferrable: 'off',
	default_transaction_isolation: 'read committed',
	default_transaction_read_only: 'off',
	extra_float_digits: '1',
	idle_in_transaction_session_timeout: '0',
	idle_session_timeout: '0',
	lock_timeout: '0',
	search_path: 'public',
	statement_timeout: '0',
	transaction_timeout: '0',
	transform_null_equals: 'off'
};

const literal = (text: string) => pg.escapeLiteral(text);
const settingRows = Object.entries(sessionSettings).map(([name, value]) => `(${literal(name)}, ${literal(value)})`);

/**
 * Sets what the code relies on, until the connection ends or the transaction does. Only a superuser may set the last one, so it is
 * touched only where it is wrong: as a replica, PostgreSQL skips triggers.
 */
export const settingsQuery = (until: 'connection ends' | 'transaction ends'): string => `
	SELECT set_config(name, value, ${String(until === 'transaction ends')})
	FROM (VALUES ${settingRows.join(', ')}) AS setting(name, value)
	WHERE current_setting(name, true) IS NOT NULL
	UNION ALL
	SELECT set_config('session_replication_role', 'origin', ${String(until === 'transaction ends')})
	WHERE current_setting('session_replication_role') <> 'origin'`;

/** pg has no option for startup settings; its types leave this method out. */
const getStartupConf = Reflect.get(pg.Client.prototype, 'getStartupConf') as (this: pg.Client) => object;
const query = Reflect.get(pg.Client.prototype, 'query') as (this: pg.Client, ...parts: unknown[]) => unknown;

/** A client whose dates, times and strings are written as the code expects, through any pooler. */
export class DatabaseClient extends pg.Client {
	getStartupConf(): object {
		return { ...getStartupConf.call(this), ...startupSettings };
	}
}

/**
 * A client that never names a prepared statement. A pooler that gives each transaction another server connection cannot keep
 * names apart, at least before PgBouncer 1.21.
 */
export class UnnamedStatementsClient extends DatabaseClient {
	// The overloads of `query` cannot be repeated here; the arguments pass through unchanged except for the name.
	override query: pg.Client['query'] = ((config: unknown, ...rest: unknown[]) =>
		query.call(this, withoutName(config), ...rest)) as pg.Client['query'];
}

function withoutName(config: unknown): unknown {
	if (typeof config !== 'object' || config === null || !('name' in config) || 'submit' in config) return config;
	return { ...config, name: undefined };
}
