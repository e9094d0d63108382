import type { UpstreamHealth, UpstreamState } from './upstream-health.ts';

/** What the console says about the Immich that this server is in front of. */
export class UpstreamService {
	readonly #health: UpstreamHealth | null;

	constructor(health: UpstreamHealth | null) {
		this.#health = health;
	}

	get isInFront(): boolean {
		return this.#health !== null;
	}

	/** Returns the state of Immich; null if this server is not in front of one. */
	async state(): Promise<UpstreamState | null> {
		return this.#health ? this.#health.check() : null;
	}
}
