import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { build } from 'vite';

/** A server to compare with, in a process of its own. */
export interface Reference {
	readonly url: string;
	stop(): void;
}

const folder = path.join(import.meta.dirname, 'empty-app');

/** Starts a server of `node:http` that gives our ping's response and does nothing else. */
export const startBareServer = (): Promise<Reference> =>
	start(['--eval', `(${String(serveBare)})(require('node:http').createServer)`], {}, /^(\d+)$/);

function serveBare(create: typeof createServer): void {
	const server = create((_, response) =>
		response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end('{"res":"pong"}')
	);
	server.listen(0, '127.0.0.1', () => {
		const address = server.address();
		if (typeof address === 'object' && address) process.stdout.write(`${String(address.port)}\n`);
	});
}

/** Builds and starts a SvelteKit app whose only route gives that response, on adapter-node. */
export async function startEmptyApp(): Promise<Reference> {
	const before = process.cwd();
	// SvelteKit's own settings are found in the current folder.
	process.chdir(folder);
	try {
		await build({ root: folder });
	} finally {
		process.chdir(before);
	}
	const env = { PORT: '0', HOST: '127.0.0.1', ORIGIN: 'http://127.0.0.1' };
	return start([path.join(folder, 'build', 'index.js')], env, /:(\d+)$/);
}

async function start(args: readonly string[], env: Record<string, string>, port: RegExp): Promise<Reference> {
	const child = spawn(process.execPath, args, {
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	for await (const line of createInterface({ input: child.stdout })) {
		const found = port.exec(line)?.[1];
		if (found !== undefined) return { url: `http://127.0.0.1:${found}`, stop: () => child.kill('SIGKILL') };
	}
	throw new Error('The reference server did not start');
}
