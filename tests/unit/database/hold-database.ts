// Opens the database in the folder named by the first argument and reports that; then inserts one row after the other and
// reports which ones the database has acknowledged. A line on standard input makes it close the database properly.
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { openDatabase } from '#lib/server/platform/database/database.ts';

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('usage: hold-database.ts <data folder>');

const stopping = new AbortController();
const isStopping = () => stopping.signal.aborted;
const input = createInterface({ input: process.stdin }).once('line', () => stopping.abort());

const migrationsDir = path.resolve(import.meta.dirname, '../../../prisma/migrations');
const database = await openDatabase({ dataDir, migrationsDir });
// Even IF NOT EXISTS fails if two run it at the same time.
await database.pool.query(`BEGIN; SELECT pg_advisory_xact_lock(1);
	CREATE TABLE IF NOT EXISTS public.acknowledged (number bigint PRIMARY KEY); COMMIT`);
process.stdout.write('open\n');

const { rows } = await database.pool.query<{ next: string }>(
	'SELECT coalesce(max(number), 0) + 1 AS next FROM acknowledged'
);
for (let number = Number(rows[0]?.next ?? 1); !isStopping(); number += 1) {
	await database.pool.query('INSERT INTO public.acknowledged VALUES ($1) ON CONFLICT DO NOTHING', [number]);
	process.stdout.write(`ack ${String(number)}\n`);
}

await database.close();
process.stdout.write('closed\n');
input.close();
process.stdin.destroy();
