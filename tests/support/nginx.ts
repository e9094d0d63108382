import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureProgram } from '../../scripts/debian-program.mjs';

/** A running nginx in front of a server. */
export interface Nginx {
	readonly url: string;
	stop(): Promise<void>;
}

/** The configuration that docs/operations.md recommends to admins. */
export async function documentedLines(): Promise<string> {
	const manual = await readFile('docs/operations.md', 'utf8');
	const block = /```nginx\n(location \/ \{[\s\S]*?\n\})\n```/.exec(manual)?.[1];
	if (block === undefined) throw new Error('docs/operations.md has no nginx lines');
	return block;
}

/** Starts nginx with its default settings and this location block, whose port 2283 is replaced by the server's. */
export async function startNginx(target: string, location: string): Promise<Nginx> {
	const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-nginx-'));
	// Its worker runs as another user.
	await chmod(folder, 0o711);
	const port = await freePort();
	const block = location.replaceAll(':2283', `:${new URL(target).port}`);
	const file = path.join(folder, 'nginx.conf');
	// Everything except paths, ports and the documented part uses nginx's default.
	const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
		.map((name) => `${name}_temp_path ${folder}/${name};`)
		.join('\n');
	await writeFile(
		file,
		`daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
		events {}
		http {
			access_log off;
			${paths}
			map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
			server { listen 127.0.0.1:${String(port)}; ${block} }
		}`
	);
	const nginx = spawn(ensureProgram('nginx', 'nginx-light'), ['-p', folder, '-c', file, '-e', `${folder}/error.log`], {
		stdio: 'ignore'
	});
	const ended = once(nginx, 'exit');
	await Promise.race([
		answers(port, () => nginx.exitCode === null),
		ended.then(async () => {
			throw new Error(`nginx ended: ${await readFile(`${folder}/error.log`, 'utf8').catch(() => 'without a word')}`);
		})
	]);
	const stop = async () => {
		nginx.kill('SIGQUIT');
		await ended;
		await rm(folder, { recursive: true, force: true });
	};
	return { url: `http://127.0.0.1:${String(port)}`, stop };
}

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const address = probe.address();
	probe.close();
	await once(probe, 'close');
	if (typeof address !== 'object' || address === null) throw new Error('No port');
	return address.port;
}

/** Resolves as soon as the port accepts connections. */
async function answers(port: number, isRunning: () => boolean): Promise<void> {
	while (isRunning()) {
		const isUp = await fetch(`http://127.0.0.1:${String(port)}/healthz`).then(
			() => true,
			() => false
		);
		if (isUp) return;
		await new Promise((resolve) => setImmediate(resolve));
	}
}
