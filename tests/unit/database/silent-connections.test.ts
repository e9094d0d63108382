import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPool } from '#lib/server/platform/database/database.ts';
import { isDatabaseUnavailable } from '#lib/server/platform/database/prisma-errors.ts';
import { createPrismaClient } from '#lib/server/platform/database/prisma-client.ts';
import { isServerAnswering, watchForSilence } from '#lib/server/platform/database/silent-connections.ts';
import { createEmptyDatabase, type TestDatabase } from '#tests/support/database.ts';

const limits = { silentMs: 300, intervalMs: 50 };

/** A proxy that can stop passing anything on, without closing connections. */
class Wire {
	readonly #sockets = new Set<Socket>();
	readonly #server: Server;
	#isCut = false;

	constructor(port: number, host: string) {
		this.#server = createServer((near) => {
			const target = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${String(port)}` } : { port, host };
			const far = connect(target);
			for (const [from, to] of [
				[near, far],
				[far, near]
			] as const) {
				this.#sockets.add(from);
				from.on('data', (bytes) => this.#isCut || to.write(bytes));
				from.on('close', () => to.destroy());
				from.on('error', () => {});
			}
		});
	}

	async listen(): Promise<number> {
		await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
		const address = this.#server.address();
		return typeof address === 'object' && address ? address.port : 0;
	}

	cut(): void {
		this.#isCut = true;
	}

	close(): void {
		for (const socket of this.#sockets) socket.destroy();
		this.#server.close();
	}
}

let database: TestDatabase;
let wire: Wire;
let port: number;

beforeEach(async () => {
	database = await createEmptyDatabase();
	wire = new Wire(database.connection.port ?? 5432, database.connection.host ?? '127.0.0.1');
	port = await wire.listen();
});

afterEach(async () => {
	wire.close();
	await database.close();
});

describe('a query', () => {
	it.each(['pg', 'Prisma'])('of %s that no server answers any more fails as unavailable', async (by) => {
		const connection = { ...database.connection, host: '127.0.0.1', port };
		const pool = openPool(connection, 2, () => {});
		const prisma = createPrismaClient(pool);
		const endWatch = watchForSilence(pool, () => isServerAnswering(connection), limits);
		await pool.query('SELECT 1');
		wire.cut();
		const asked = by === 'pg' ? pool.query('SELECT 1') : prisma.user.count();
		const failure: unknown = await asked.then(
			() => null,
			(error: unknown) => error
		);
		endWatch();
		expect(isDatabaseUnavailable(failure)).toBe(true);
		wire.close();
		await prisma.$disconnect();
		await pool.end();
	});

	it('may take long while the server answers others', async () => {
		const endWatch = watchForSilence(database.pool, () => isServerAnswering(database.connection), limits);
		await expect(database.pool.query('SELECT pg_sleep(1)')).resolves.toBeDefined();
		endWatch();
	});
});
