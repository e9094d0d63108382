import { lifecycle } from '#lib/server/app/lifecycle.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Deadline for closing everything; whatever still hangs is abandoned. */
const deadlineMs = 8_500;
/** The process exits by then in any case. */
const lastResortMs = 9_500;
/** How long an interrupted start can take to notice and clean up. */
const startCleanupMs = 500;
/** Ctrl-C and npm deliver the same signal twice; a later one means that the user wants to stop now. */
const sameSignalMs = 1_000;

const complain = (line: string) => process.stderr.write(`${line}\n`);

/** Shuts the process down on a signal, a failed start or an uncaught error. */
class Exit {
	#start: Promise<void> = Promise.resolve();
	#leavingSinceMs: number | undefined;
	#hurry = (): void => undefined;

	/** Runs the start, and exits the process on a signal or if the start fails. */
	run(start: () => Promise<void>): void {
		// Replaces the signal handlers of scripts/start.mjs.
		for (const signal of signals) process.removeAllListeners(signal).on(signal, () => this.#onSignal());
		process.on('uncaughtException', (error: unknown) => {
			complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
			void this.leave(1);
		});
		this.#start = start().catch((error: unknown) => {
			if (this.#leavingSinceMs !== undefined) return;
			complain(error instanceof Error ? error.message : String(error));
			void this.leave(1);
		});
	}

	/** Sets the callback that stops waiting for requests in progress. */
	onHurry(hurry: () => void): void {
		this.#hurry = hurry;
	}

	/** Closes everything and exits the process; the first exit code wins. */
	async leave(code: number): Promise<void> {
		if (this.#leavingSinceMs !== undefined) return;
		this.#leavingSinceMs = performance.now();
		setTimeout(() => process.exit(code), lastResortMs);
		const { resources } = lifecycle;
		const unfinished = [...(await resources.closeAll(deadlineMs))];
		const cleanedUp = new Promise((resolve) => setTimeout(resolve, startCleanupMs));
		await Promise.race([this.#start, cleanedUp]);
		// Closes what the start has opened in the meantime.
		await resources.closeAll();
		if (unfinished.length > 0) complain(`immich-auth stopped without waiting for: ${unfinished.join(', ')}`);
		process.exit(code);
	}

	#onSignal(): void {
		const sinceMs = this.#leavingSinceMs;
		if (sinceMs === undefined) return void this.leave(0);
		if (performance.now() - sinceMs > sameSignalMs) this.#hurry();
	}
}

export type { Exit };
export const exit = new Exit();
