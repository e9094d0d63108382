import type { UserSuggestion } from '#lib/contract/user-directory/user-suggestion.ts';

const typingPauseMs = 60;

/** Searches users while typing; results stay until the next response. */
export class UserSearch {
	#timer: ReturnType<typeof setTimeout> | undefined;
	#requesting: AbortController | null = null;
	found = $state.raw<readonly UserSuggestion[]>([]);
	hasFailed = $state(false);
	isPending = $state(false);

	search(text: string): void {
		this.stop();
		if (text === '') {
			this.found = [];
			return;
		}
		this.isPending = true;
		this.#timer = setTimeout(() => void this.#request(text), typingPauseMs);
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#requesting?.abort();
		this.isPending = false;
	}

	async #request(text: string): Promise<void> {
		const asking = new AbortController();
		this.#requesting = asking;
		try {
			const response = await fetch(`/api/admin/user-directory/suggestions?q=${encodeURIComponent(text)}`, asking);
			if (!response.ok) throw new Error(String(response.status));
			const found: unknown = await response.json();
			if (asking.signal.aborted) return;
			// The server validates its responses against the contract.
			this.found = found as readonly UserSuggestion[];
			this.hasFailed = false;
		} catch {
			if (asking.signal.aborted) return;
			this.found = [];
			this.hasFailed = true;
		}
		this.isPending = false;
	}
}
