import { z } from 'zod';

const answerWithinMs = 3_000;
/** How long a result is used for all callers. */
const freshForMs = 5_000;

const Version = z.object({ major: z.int(), minor: z.int(), patch: z.int() });

/** Whether Immich responds, and its version, such as `3.0.3`. */
export interface UpstreamState {
	readonly isUp: boolean;
	readonly version: string | null;
	/** Why it is down, without an address of the network. */
	readonly reason: string | null;
}

/** Asks an Immich for its version, which needs no credential. */
export async function askUpstream(origin: string): Promise<UpstreamState> {
	try {
		const response = await fetch(`${origin}/api/server/version`, {
			redirect: 'manual',
			signal: AbortSignal.timeout(answerWithinMs)
		});
		if (!response.ok)
			return { isUp: false, version: null, reason: `It responds with status ${String(response.status)}.` };
		const { major, minor, patch } = Version.parse(await response.json());
		return { isUp: true, version: [major, minor, patch].join('.'), reason: null };
	} catch (error) {
		return { isUp: false, version: null, reason: explain(error) };
	}
}

function explain(error: unknown): string {
	if (error instanceof Error && error.name === 'TimeoutError') return 'It does not respond in time.';
	if (error instanceof z.ZodError || error instanceof SyntaxError) return 'Its response is not that of Immich.';
	return 'It cannot be reached.';
}

/** The state of Immich, asked at most once in five seconds. */
export class UpstreamHealth {
	readonly origin: string;
	/** The last result; an Immich that has not been asked yet is down. */
	latest: UpstreamState = { isUp: false, version: null, reason: 'It has not been asked yet.' };
	#asking: Promise<UpstreamState> | null = null;
	#askedAtMs = -Infinity;

	constructor(origin: string) {
		this.origin = origin;
	}

	check(): Promise<UpstreamState> {
		if (!this.#asking || performance.now() - this.#askedAtMs > freshForMs) {
			this.#askedAtMs = performance.now();
			this.#asking = this.#ask();
		}
		return this.#asking;
	}

	async #ask(): Promise<UpstreamState> {
		this.latest = await askUpstream(this.origin);
		return this.latest;
	}
}
