const toLabel = (count: number): string => (count === 1 ? 'one item' : `${count} items`);

/** Names what was changed for the audit log: one by its ID, several by their number. */
export const toObject = (ids: readonly string[]) =>
	({ kind: 'asset', id: ids.length === 1 ? (ids[0] ?? null) : null, label: toLabel(ids.length) }) as const;

export const toCounted = (count: number) => ({ kind: 'asset', id: null, label: toLabel(count) }) as const;
