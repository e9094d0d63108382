import pg from 'pg';

/**
 * Session settings sent while connecting. PgBouncer and similar poolers accept these and apply them per client in every pooling
 * mode; they would refuse any others.
 */
const startupSettings = { DateStyle: 'ISO, MDY', TimeZone: 'UTC', standard_conforming_strings: 'on' };

/** Settings the code relies on, whatever the role, database or server defaults. Those unknown to an older server are skipped. */
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
	exit_on_error: 'off',
	extra_float_digits: '1',
	gin_fuzzy_search_limit: '0',
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
 * Applies `sessionSettings` until the connection or the transaction ends. Only a superuser can set session_replication_role, so
 * it is set only if it is wrong: as a replica, PostgreSQL skips triggers.
 */
export const settingsQuery = (until: 'connection ends' | 'transaction ends'): string => `
	SELECT set_config(name, value, ${String(until === 'transaction ends')})
	FROM (VALUES ${settingRows.join(', ')}) AS setting(name, value)
	WHERE current_setting(name, true) IS NOT NULL
	UNION ALL
	SELECT set_config('session_replication_role', 'origin', ${String(until === 'transaction ends')})
	WHERE current_setting('session_replication_role') <> 'origin'`;

/** pg has no option for startup settings, and its types omit this method. */
const getStartupConf = Reflect.get(pg.Client.prototype, 'getStartupConf') as (this: pg.Client) => object;
const query = Reflect.get(pg.Client.prototype, 'query') as (this: pg.Client, ...parts: unknown[]) => unknown;

/** A client that uses the formats for dates, times and strings that the code expects, through any pooler. */
export class DatabaseClient extends pg.Client {
	getStartupConf(): object {
		return { ...getStartupConf.call(this), ...startupSettings };
	}
}

/**
 * A client that never names prepared statements. A pooler that gives each transaction a different server connection can't keep
 * names apart, at least before PgBouncer 1.21.
 */
export class UnnamedStatementsClient extends DatabaseClient {
	// The overloads of `query` can't be repeated here; the arguments pass through unchanged except for the name.
	override query: pg.Client['query'] = ((config: unknown, ...rest: unknown[]) =>
		query.call(this, withoutName(config), ...rest)) as pg.Client['query'];
}

function withoutName(config: unknown): unknown {
	if (typeof config !== 'object' || config === null || !('name' in config) || 'submit' in config) return config;
	return { ...config, name: undefined };
}
