import type { Pool } from 'pg';
import { expect } from 'vitest';
import type { Api } from './api.ts';
import { builtAdmin, root, runAdmin, toCommandEnv, type CommandResult } from './command.ts';
import { Terminal } from './terminal.ts';

/** An audit event, as far as tests of commands look at it. */
interface Recorded {
	readonly action: string;
	readonly actorId: string | null;
	readonly actorName: string | null;
	readonly subjectEmail: string | null;
	readonly credentialKind: string | null;
	readonly client: string | null;
	readonly changes: unknown;
}

/** Who an audit event names, if a command has caused it. */
export const byCommand = {
	actorId: null,
	actorName: 'The server’s command line',
	credentialKind: 'commandLine',
	client: expect.stringMatching(/^immich-admin as \S+/) as string
};

/** How soon a running server notices a change. */
export const immediately = { interval: 20, timeout: 2_000 };

/** `immich-admin` beside a server under test. */
export class AdminCommand {
	readonly #api: Api;
	/** Further variables of the command. */
	env: Readonly<Record<string, string>> = {};

	constructor(api: Api) {
		this.#api = api;
	}

	get #env() {
		return { DATABASE_URL: this.#api.databaseUrl, DATA_DIR: this.#api.dataDir, ...this.env };
	}

	/** Runs it without a terminal. */
	run(...given: string[]): Promise<CommandResult> {
		return runAdmin(given, this.#env);
	}

	/** Runs it with this input from a pipe. */
	pipe(input: string, ...given: string[]): Promise<CommandResult> {
		return runAdmin(given, this.#env, input);
	}

	/** Runs it in a terminal. */
	open(...given: string[]): Terminal {
		return new Terminal([builtAdmin, ...given], toCommandEnv(this.#env), root);
	}

	/** The newest audit events, newest first. */
	listEvents(count: number): Promise<Recorded[]> {
		return listEvents(this.#api.pool, count);
	}
}

/** The newest audit events, newest first. */
export async function listEvents(pool: Pool, count: number): Promise<Recorded[]> {
	const { rows } = await pool.query<Recorded>(
		`SELECT "action", "actorId", "actorName", "subjectEmail", "credentialKind", "client", "changes"
		FROM immich_auth.audit_event ORDER BY "at" DESC, "id" DESC LIMIT $1`,
		[count]
	);
	return rows;
}
