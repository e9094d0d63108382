import type { ClientBase } from 'pg';
import type { Log } from '../log.ts';
import { makeTriggers, readTriggers, sweepOrphans } from './immich-triggers.ts';
import { lockMigrations } from './migration-lock.ts';

/** Shorter than the second after which PostgreSQL looks for deadlocks: a restore must never be their victim. */
const repairSettings = `SET LOCAL lock_timeout = '800ms'`;

/**
 * Returns what looks for our triggers on Immich's tables and creates them again: Immich's restore replaces its tables, and
 * nothing is notified then. Resolves to whether the tables or triggers have been replaced since the last call.
 */
export function watchTriggers(log: Pick<Log, 'info' | 'warn'>): (client: ClientBase) => Promise<boolean> {
	let known: string | null = null;
	return async (client) => {
		const { version, missing } = await readTriggers(client, true);
		if (missing.length === 0) {
			const isReplaced = known !== null && known !== version;
			known = version;
			return isReplaced;
		}
		try {
			await repair(client);
			known = (await readTriggers(client, true)).version;
			log.info("Immich's tables were replaced; this server follows their changes again");
		} catch (error) {
			// The restore may still be running; the next call tries again.
			log.warn({ error }, "Immich's tables were replaced, and this server can't follow their changes yet");
		}
		return true;
	};
}

async function repair(client: ClientBase): Promise<void> {
	await client.query(`BEGIN; ${repairSettings}`);
	try {
		await lockMigrations(client);
		await makeTriggers(client, true);
		await sweepOrphans(client);
		await client.query('COMMIT');
	} catch (error) {
		await client.query('ROLLBACK').catch(() => undefined);
		throw error;
	}
}
