import type { ClientBase } from 'pg';

/** The lock key of Prisma's migration engine, so that it and this runner never run at the same time. */
const prismaLockKey = 72_707_369;

/** Takes the migration lock until the transaction ends; waits for it. */
export async function lockMigrations(client: ClientBase): Promise<void> {
	await client.query('SELECT pg_advisory_xact_lock($1)', [prismaLockKey]);
}

/** The same without waiting; returns whether it was free. */
export async function tryLockMigrations(client: ClientBase): Promise<boolean> {
	const query = 'SELECT pg_try_advisory_xact_lock($1) AS locked';
	return (await client.query<{ locked: boolean }>(query, [prismaLockKey])).rows[0]?.locked ?? false;
}
