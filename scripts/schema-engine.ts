import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { uuid_ossp } from '@electric-sql/pglite/contrib/uuid_ossp';
import {
	bindMigrationAwareSqlAdapterFactory,
	type SqlMigrationAwareDriverAdapterFactory
} from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * Returns the SQL that takes a migrated database to the schema file; an empty diff is only a comment.
 *
 * Runs Prisma's schema engine as WebAssembly, and only on in-memory databases: the engine would do its trial runs in a live
 * one. So this function takes no database.
 */
export async function diffMigrationsToSchema(
	schemaFile: string,
	migrationsDir: string
): Promise<{ isEmpty: boolean; sql: string }> {
	await loadEngine();
	const schema = await readFile(schemaFile, 'utf8');
	const engine = await engineModule.SchemaEngine.new(
		{ datamodels: [[schemaFile, schema]] },
		() => {},
		bindMigrationAwareSqlAdapterFactory(databasesInMemory)
	);
	const result = await engine.diff({
		from: { tag: 'migrations', ...(await readMigrationList(migrationsDir)) },
		to: { tag: 'schemaDatamodel', files: [{ path: schemaFile, content: schema }] },
		script: true,
		exitCode: true,
		filters: { externalTables: [], externalEnums: [] }
	});
	return { isEmpty: result.exitCode === 0, sql: result.stdout ?? '' };
}

/** Enables the extensions that the migrations use if they are available. */
const databasesInMemory: SqlMigrationAwareDriverAdapterFactory = {
	provider: 'postgres',
	adapterName: 'pglite-in-memory',
	connect: openInMemory,
	connectToShadowDb: openInMemory
};

async function openInMemory() {
	return await new PrismaPGlite(await PGlite.create({ extensions: { pg_trgm, uuid_ossp } })).connect();
}

let loading: Promise<void> | undefined;

/** Does by hand what a bundler does on importing the package: Node does not import WebAssembly. */
async function loadEngine(): Promise<void> {
	loading ??= (async () => {
		const glueFile = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
		const code = await readFile(path.join(path.dirname(glueFile), 'schema_engine_bg.wasm'));
		const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': { ...engineModule } });
		engineModule.__wbg_set_wasm(instance.exports);
		const start = instance.exports['__wbindgen_start'];
		if (typeof start !== 'function')
			throw new Error('The schema engine has no start function: its version has changed.');
		Reflect.apply(start, undefined, []);
	})();
	await loading;
}

async function readMigrationList(migrationsDir: string) {
	const baseDir = path.resolve(migrationsDir);
	const lockfile = 'migration_lock.toml';
	const entries = await readdir(baseDir, { withFileTypes: true });
	const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
	return {
		baseDir,
		lockfile: { path: lockfile, content: await readFile(path.join(baseDir, lockfile), 'utf8') },
		shadowDbInitScript: '',
		migrationDirectories: await Promise.all(
			names.sort().map(async (name) => ({
				path: name,
				migrationFile: {
					path: 'migration.sql',
					content: { tag: 'ok' as const, value: await readFile(path.join(baseDir, name, 'migration.sql'), 'utf8') }
				}
			}))
		)
	};
}
