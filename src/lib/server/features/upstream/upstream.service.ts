import type { UpstreamHealth, UpstreamState } from './upstream-health.ts';

/** What the console says about the Immich that this server is in front of. */
export class UpstreamService {
	readonly #health: UpstreamHealth | null;

	constructor(health: UpstreamHealth | null) {
		this.#health = health;
	}

	/** Returns the state at the last look, without waiting for another one, for probes; nothing without an Immich. */
	latest(): { readonly immich?: Pick<UpstreamState, 'isUp' | 'version'> } {
		if (!this.#health) return {};
		void this.#health.check();
		const { isUp, version } = this.#health.latest;
		return { immich: { isUp, version } };
	}

	/** Returns the state of Immich; null if this server is not in front of one. */
	async state(): Promise<UpstreamState | null> {
		return this.#health ? this.#health.check() : null;
	}
}
