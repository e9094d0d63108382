import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { groupByDay, toPhotos, type GridPhoto } from '#lib/contract/assets/grid-photo.ts';
import { listMonths } from './grid.ts';
import type { TimeBucketAssets } from '#lib/contract/assets/timeline.ts';

/** Loads the months that come into view. */
export class PhotoSource {
	readonly #query: string;
	readonly #byDay = new SvelteMap<string, readonly GridPhoto[]>();
	readonly #months = new SvelteSet<string>();
	/** Why the last month couldn't be loaded; null if it could. */
	failure = $state.raw<string | null>(null);

	/** @param query selects the photos, in the API's words */
	constructor(query: string) {
		this.#query = query;
	}

	add(photos: readonly GridPhoto[]): void {
		for (const [day, list] of groupByDay(photos)) this.#byDay.set(day, list);
	}

	/** Marks a month as loaded with what the page brought. */
	addMonth(month: string, photos: readonly GridPhoto[]): void {
		this.#months.add(month);
		this.add(photos);
	}

	get(day: string, offset: number): GridPhoto | null {
		return this.#byDay.get(day)?.[offset] ?? null;
	}

	/** Loads the months of these days, each once. */
	async load(days: readonly string[]): Promise<void> {
		const missing = listMonths(days).filter((month) => !this.#months.has(month));
		for (const month of missing) this.#months.add(month);
		await Promise.all(missing.map((month) => this.#loadMonth(month)));
	}

	async #loadMonth(month: string): Promise<void> {
		try {
			const reply = await fetch(`/api/timeline/bucket?${this.#query}&timeBucket=${month}-01`);
			if (!reply.ok) throw new Error(`${reply.status}`);
			this.add(toPhotos((await reply.json()) as TimeBucketAssets));
			this.failure = null;
		} catch {
			this.#months.delete(month);
			this.failure = 'Some photos could not be loaded. Check your connection.';
		}
	}
}
