import { SvelteSet } from 'svelte/reactivity';

/** Selected rows of a long list, across its pages; kept for the lifetime of the tab. */
export class Selection {
	readonly #ids = new SvelteSet<string>();
	readonly #storageKey: string;
	#anchor: string | null = null;
	/** Selects everything that matches the list's filter, not only checked rows. */
	isAllMatching = $state(false);

	/** Each list has its own key. */
	constructor(storageKey: 'selected-users' | 'selected-sessions') {
		this.#storageKey = storageKey;
	}

	get size(): number {
		return this.#ids.size;
	}

	get isEmpty(): boolean {
		return !this.isAllMatching && this.#ids.size === 0;
	}

	get ids(): string[] {
		return [...this.#ids];
	}

	has(id: string): boolean {
		return this.isAllMatching || this.#ids.has(id);
	}

	/** Selects or deselects a row; with Shift, all rows since the last one, in the order of `shown`. */
	toggle(id: string, isChosen: boolean, shown: readonly string[], isRange: boolean): void {
		this.isAllMatching = false;
		const [from, to] = [shown.indexOf(this.#anchor ?? id), shown.indexOf(id)];
		const range = isRange && from >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
		this.#set(range, isChosen);
		this.#anchor = id;
	}

	/** Selects or deselects a whole page. */
	toggleAll(shown: readonly string[], isChosen: boolean): void {
		this.isAllMatching = false;
		this.#set(shown, isChosen);
	}

	clear(): void {
		this.isAllMatching = false;
		this.#ids.clear();
		this.#anchor = null;
		this.#keep();
	}

	/** Restores the selection after a reload. */
	restore(): void {
		const kept: unknown = JSON.parse(sessionStorage.getItem(this.#storageKey) ?? '[]');
		if (Array.isArray(kept)) for (const id of kept) if (typeof id === 'string') this.#ids.add(id);
	}

	#set(ids: readonly string[], isChosen: boolean): void {
		for (const id of ids) {
			if (isChosen) this.#ids.add(id);
			else this.#ids.delete(id);
		}
		this.#keep();
	}

	#keep(): void {
		sessionStorage.setItem(this.#storageKey, JSON.stringify(this.ids));
	}
}
