import type { ApiEntry } from '#lib/contract/api-docs/api-reference.ts';

/** Returns the operations that contain every word in path, summary, ID or permission. */
export function searchEntries(entries: readonly ApiEntry[], text: string): readonly ApiEntry[] {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0) return entries;
	return entries.filter(({ method, path, summary, id, permission, area }) => {
		const searched = [method, path, summary, id, permission ?? 'public', area].join(' ').toLowerCase();
		return words.every((word) => searched.includes(word));
	});
}

/** Groups operations by area. */
export function byArea(entries: readonly ApiEntry[]): { area: string; entries: ApiEntry[] }[] {
	const areas = new Map<string, ApiEntry[]>();
	for (const entry of entries) {
		const known = areas.get(entry.area);
		if (known) known.push(entry);
		else areas.set(entry.area, [entry]);
	}
	return [...areas].map(([area, found]) => ({ area, entries: found }));
}
