// Prints the SQL that takes prisma/migrations to prisma/schema.prisma, on a machine without Prisma's native schema engine:
//   tsx scripts/author-migration.ts > prisma/migrations/<timestamp>_<name>/migration.sql
// Triggers, functions and expression indexes are written into that file by hand.
import path from 'node:path';
import process from 'node:process';
import { diffMigrationsToSchema } from './schema-engine.ts';

const prismaDir = path.resolve(import.meta.dirname, '../prisma');
const { sql } = await diffMigrationsToSchema(path.join(prismaDir, 'schema.prisma'), path.join(prismaDir, 'migrations'));
process.stdout.write(sql);
// The in-memory databases keep the process alive.
process.exit();
