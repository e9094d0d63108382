import { userInfo } from 'node:os';
import { createCommandContainer, type CommandContainer } from '#lib/server/app/command-container.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { createCommandLineAuth } from '#lib/server/platform/caller/command-line.ts';
import { readEnv } from '#lib/server/platform/config/env.ts';
import { OpenResources } from '#lib/server/platform/open-resources.ts';
import { CommandError } from './failure.ts';
import { complain } from './output.ts';

/** What a command works with. */
export interface Server extends CommandContainer {
	/** The command as the author of its changes. */
	readonly auth: Auth;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long a signal waits for what is being done; PostgreSQL rolls it back if it isn't complete then. */
const stopMs = 2_000;

/**
 * Collects what is opened, and closes it at the end or on a signal.
 * @throws {CommandError} after a signal
 */
export async function withResources<Result>(run: (resources: OpenResources) => Promise<Result>): Promise<Result> {
	const resources = new OpenResources();
	const stopped = new CommandError('Stopped by a signal.');
	let stop = () => undefined as void;
	const signal = new Promise<never>((_, reject) => {
		stop = () => void resources.closeAll(stopMs).then(() => reject(stopped));
	});
	for (const name of signals) process.on(name, stop);
	try {
		return await Promise.race([run(resources), signal]);
	} catch (error) {
		throw resources.signal.aborted ? stopped : error;
	} finally {
		await resources.closeAll();
		for (const name of signals) process.off(name, stop);
	}
}

/** Runs a command on the server's database, with the same variables as the server. */
export async function withServer<Result>(run: (server: Server) => Promise<Result>): Promise<Result> {
	const env = readEnv(process.env);
	return withResources(async (resources) => {
		const container = await createCommandContainer(env, { resources, onProgress: complain });
		return run({ ...container, auth: createAuth() });
	});
}

/** The command as the author of its changes, with the system user who runs it. */
export const createAuth = (): Auth => createCommandLineAuth(`immich-admin as ${getSystemUser()}`);

/** Who runs the command, for the audit log. */
function getSystemUser(): string {
	const sudoer = process.env['SUDO_USER'];
	if (sudoer) return `${sudoer} (sudo)`;
	try {
		return userInfo().username;
	} catch {
		// A container's user can have no name.
		return `user ${String(process.getuid?.() ?? 'unknown')}`;
	}
}
