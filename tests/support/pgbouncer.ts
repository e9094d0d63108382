import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type pg from 'pg';
import { ensureProgram } from '../../scripts/debian-program.mjs';

export type PoolMode = 'session' | 'transaction' | 'statement';

export interface PgBouncer {
	/** The server's DATABASE_URL. */
	readonly url: string;
	stop(): Promise<void>;
}

/** Starts a PgBouncer with default settings in front of one database, as a given role. */
export async function startPgBouncer(
	mode: PoolMode,
	to: pg.ClientConfig,
	settings = '',
	onPort?: number
): Promise<PgBouncer> {
	const program = ensureProgram('pgbouncer');
	const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-pgbouncer-'));
	const port = onPort ?? (await freePort());
	const config = path.join(folder, 'pgbouncer.ini');
	const { host = '', port: databasePort = 5_432, user = '', database = '' } = to;
	await writeFile(
		config,
		`[databases]
${database} = host=${host} port=${String(databasePort)} user=${user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${String(port)}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
${settings}
`
	);
	// PgBouncer refuses to run as root.
	const asRoot = process.getuid?.() === 0;
	if (asRoot) {
		const readId = (flag: string) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
		await chmod(folder, 0o755);
		await chown(config, readId('-u'), readId('-g'));
	}
	const bouncer = spawn(program, [...(asRoot ? ['-u', 'nobody'] : []), config], { stdio: ['ignore', 'pipe', 'pipe'] });
	await untilUp(bouncer);
	return {
		url: `postgresql://${user}@127.0.0.1:${String(port)}/${database}`,
		stop: async () => {
			if (bouncer.exitCode === null) {
				bouncer.kill('SIGTERM');
				await once(bouncer, 'exit');
			}
			await rm(folder, { recursive: true });
		}
	};
}

async function untilUp(bouncer: ChildProcess): Promise<void> {
	const lines: string[] = [];
	await new Promise<void>((resolve, reject) => {
		for (const stream of [bouncer.stdout, bouncer.stderr])
			if (stream)
				createInterface({ input: stream }).on('line', (line) => {
					lines.push(line);
					if (line.includes('process up')) resolve();
				});
		bouncer.once('exit', () => reject(new Error(`PgBouncer ended:\n${lines.join('\n')}`)));
	});
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === 'object' && address ? address.port : 0;
}
