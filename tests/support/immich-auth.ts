import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';
import type { Api } from './api.ts';
import { Terminal } from './terminal.ts';

export { ctrlC, ctrlD, Terminal } from './terminal.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** The built program. */
export const program = path.join(root, 'build/cli/immich-auth.js');

/** What a run of the program has printed, and how it ended. */
export interface Ran {
	readonly code: number | null;
	readonly out: string;
	readonly error: string;
}

interface Options {
	readonly env?: Readonly<Record<string, string>>;
	/** What is on standard input; nothing by default. */
	readonly input?: string;
	/** Options of Node. */
	readonly node?: readonly string[];
}

/** The program with a configuration folder of its own, which lasts for one test. */
export class ImmichAuth {
	#folder = '';

	async begin(): Promise<void> {
		this.#folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-home-'));
	}

	end(): Promise<void> {
		return rm(this.#folder, { recursive: true, force: true });
	}

	/** A path in the configuration folder. */
	in(...names: string[]): string {
		return path.join(this.#folder, ...names);
	}

	#env(env: Readonly<Record<string, string>> = {}) {
		return { PATH: process.env['PATH'] ?? '', HOME: this.#folder, IMMICH_CONFIG_DIR: this.#folder, ...env };
	}

	/** Starts the program without a terminal. */
	start(args: readonly string[], { env, node = [] }: Options = {}) {
		return spawn(process.execPath, [...node, program, ...args], { env: this.#env(env), cwd: this.#folder });
	}

	/** Runs the program without a terminal. */
	async run(args: readonly string[], options: Options = {}): Promise<Ran> {
		const child = this.start(args, options);
		// It may end without reading.
		child.stdin.on('error', () => undefined);
		child.stdin.end(options.input ?? '');
		const [out, error] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
		return { code: child.exitCode, out, error };
	}

	/** Runs the program with `--json`, and returns what it has printed; fails with its message if it fails. */
	async json(args: readonly string[], options: Options = {}): Promise<unknown> {
		const { code, out, error } = await this.run([...args, '--json'], options);
		if (code !== 0) throw new Error(`immich-auth ended with ${String(code)}: ${error}`);
		return JSON.parse(out);
	}

	/** Runs the program in a pseudo-terminal. */
	terminal(args: readonly string[], { env }: Options = {}): Terminal {
		return new Terminal([program, ...args], this.#env(env), this.#folder);
	}

	/** Signs in to a profile with an API key. */
	async signIn(url: string, key: string, profile = 'default'): Promise<void> {
		await this.json(['login', url, '--api-key-stdin', '--profile', profile], { input: key });
	}

	/** The parsed session file of a profile. */
	async readSession(profile: string): Promise<unknown> {
		return JSON.parse(await readFile(this.in('profiles', profile, 'session.json'), 'utf8'));
	}

	/** Writes a file in the configuration folder. */
	async write(file: string, content: string): Promise<void> {
		await mkdir(path.dirname(this.in(file)), { recursive: true });
		await writeFile(this.in(file), content);
	}
}

/** Gives each test the program with an empty configuration folder. */
export function useImmichAuth(): ImmichAuth {
	const command = new ImmichAuth();
	beforeEach(() => command.begin());
	afterEach(() => command.end());
	return command;
}

/** Gives each test the program, signed in with an API key as the only admin, `root@example.test`. */
export function useAdminCommand(api: Api): {
	readonly command: ImmichAuth;
	readonly admin: { id: string; key: string };
} {
	const command = useImmichAuth();
	const admin = { id: '', key: '' };
	beforeEach(async () => {
		await api.reset();
		admin.id = (await api.accounts.makeAdmin({ email: 'root@example.test', name: 'Root' })).id;
		admin.key = await api.accounts.makeApiKey(admin.id);
		await command.signIn(api.url, admin.key);
	});
	return { command, admin };
}
