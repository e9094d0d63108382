import process from 'node:process';
import { defineConfig } from 'prisma/config';

// These three commands need no schema engine, yet Prisma looks for its binary first and fails where that cannot be
// downloaded. Any existing file satisfies the check. `migrate` and `db` are left alone: they do run the engine.
const commandsWithoutEngine = new Set(['generate', 'validate', 'format']);
const command = process.argv[2];
if (command !== undefined && commandsWithoutEngine.has(command)) {
	process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
}

const databaseUrl = process.env.DATABASE_URL;

export default defineConfig({
	schema: 'prisma/schema.prisma',
	migrations: { path: 'prisma/migrations' },
	...(databaseUrl ? { datasource: { url: databaseUrl } } : {})
});
