import { createServer, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#lib/server/platform/embedded-postgres/index.ts';
import { StartupError } from '#lib/server/platform/database/startup-error.ts';
import { createEmptyDatabase, migrationsDir, type TestDatabase } from '#tests/support/database.ts';

const password = 'correct-horse';

async function open(databaseUrl: string) {
	return await openDatabase({ databaseUrl, dataDir: '/nonexistent', migrationsDir });
}

/** Returns the error message, after checking what all of them have in common. */
async function refuse(databaseUrl: string): Promise<string> {
	const startedAt = Date.now();
	const error = await open(databaseUrl).catch((error: unknown) => error);
	expect(error).toBeInstanceOf(StartupError);
	expect(Date.now() - startedAt).toBeLessThan(6_000);
	const message = error instanceof Error ? error.message : '';
	expect(message).not.toContain(password);
	expect(message).not.toContain('\n');
	return message;
}

describe('openDatabase with DATABASE_URL', { timeout: 20_000 }, () => {
	let database: TestDatabase;

	beforeAll(async () => {
		database = await createEmptyDatabase();
	});

	afterAll(async () => {
		await database.close();
	});

	it('migrates that database and opens it', async () => {
		const opened = await open(database.url);
		expect(opened.isEmbedded).toBe(false);
		expect(await opened.prisma.user.count()).toBe(0);
		await opened.close();
		await opened.close();
	});

	it('keeps timestamps exact on a server in another time zone', async () => {
		await database.pool.query(`ALTER DATABASE ${database.connection.database ?? ''} SET timezone = 'Asia/Kolkata'`);
		const opened = await open(database.url);
		const instant = new Date('2026-03-04T05:06:07.089Z');
		await opened.prisma.clusterGroup.create({ data: { createdAt: instant } });
		expect((await opened.prisma.clusterGroup.findFirstOrThrow()).createdAt).toEqual(instant);
		const { rows } = await database.pool.query<{ createdAt: Date }>('SELECT "createdAt" FROM cluster_group');
		expect(rows[0]?.createdAt).toEqual(instant);
		await opened.close();
	});

	it('names the address if nothing listens there', async () => {
		const message = await refuse(`postgresql://immich:${password}@127.0.0.1:9/immich`);
		expect(message).toBe('No database answers at 127.0.0.1:9 (DATABASE_URL). Start it, or correct the address.');
	});

	it('times out on a server that accepts and stays silent', async () => {
		const sockets = new Set<Socket>();
		const silent = createServer((socket) => sockets.add(socket));
		await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
		const address = silent.address();
		const port = typeof address === 'object' ? address?.port : undefined;
		expect(await refuse(`postgresql://immich:${password}@127.0.0.1:${String(port)}/immich`)).toContain(
			'did not answer in time'
		);
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => silent.close(resolve));
	});

	it('names an unknown host', async () => {
		expect(await refuse(`postgresql://immich:${password}@database.invalid/immich`)).toContain('database.invalid:5432');
	});

	it('names an unknown database', async () => {
		const url = new URL(database.url);
		url.pathname = '/absent';
		expect(await refuse(url.href)).toContain('There is no database "absent"');
	});

	it.each([
		`mysql://immich:${password}@127.0.0.1/immich`,
		password,
		`postgresql://immich:${password}%@local:host:1/immich`
	])('refuses an invalid PostgreSQL URL (%#)', async (url) => {
		expect(await refuse(url)).toContain('Write it as postgresql://user:password@host:5432/immich');
	});
});

describe('openDatabase with a server that requires a password', { timeout: 30_000 }, () => {
	const dataDir = path.join(os.tmpdir(), `immich-auth-test-${randomUUID()}`);
	let server: EmbeddedPostgres;

	beforeAll(async () => {
		server = await startEmbeddedPostgres({ dataDir, transport: 'tcp' });
	});

	afterAll(async () => {
		await server.stop();
		await rm(dataDir, { recursive: true, force: true });
	});

	it('names the user whose password is wrong', async () => {
		const message = await refuse(
			`postgresql://postgres:${password}@127.0.0.1:${String(server.connection.port)}/immich`
		);
		expect(message).toContain('refuses user "postgres"');
	});
});
