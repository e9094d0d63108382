import { lifecycle } from '#lib/server/app/lifecycle.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Everything is closed by then, and what hangs is left. */
const deadlineMs = 8_500;
/** The process ends by then, whatever happens. */
const lastResortMs = 9_500;
/** How long a start may take to notice that it was interrupted, and to clean up. */
const startCleanupMs = 500;
/** Ctrl-C and npm deliver the same signal twice; one that comes later is somebody in a hurry. */
const sameSignalMs = 1_000;

const complain = (line: string) => process.stderr.write(`${line}\n`);

/** Ends the process in order: on a signal, after a failed start, and after an error that nobody has caught. */
class Exit {
	#start: Promise<void> = Promise.resolve();
	#leavingSinceMs: number | undefined;
	#hurry = (): void => undefined;

	/** Starts, and from then on ends the process when a signal asks for it, or when the start fails. */
	run(start: () => Promise<void>): void {
		// scripts/start.mjs has listened until now.
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

	/** Sets what cuts short the wait for requests that are being answered. */
	onHurry(hurry: () => void): void {
		this.#hurry = hurry;
	}

	/** Closes everything and ends the process; the first code given counts. */
	async leave(code: number): Promise<void> {
		if (this.#leavingSinceMs !== undefined) return;
		this.#leavingSinceMs = performance.now();
		setTimeout(() => process.exit(code), lastResortMs);
		const { resources } = lifecycle;
		const unfinished = [...(await resources.closeAll(deadlineMs))];
		const cleanedUp = new Promise((resolve) => setTimeout(resolve, startCleanupMs));
		await Promise.race([this.#start, cleanedUp]);
		// What the start has opened meanwhile.
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
