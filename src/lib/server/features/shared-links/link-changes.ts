import type { RecordedChanges } from '#lib/contract/audit/audit.ts';
import type { AssetIdsResult, SharedLinkEditDto } from '#lib/contract/shared-links/shared-link.ts';
import type { SharedLinkRow, SharedLinkValues } from './shared-link-rows.ts';

/** Leaves out the fields that weren't sent. */
export function given(dto: Omit<SharedLinkEditDto, 'expiresAt' | 'password' | 'slug'>): Partial<SharedLinkValues> {
	return Object.fromEntries(Object.entries(dto).filter(([, value]) => value !== undefined));
}

/** Returns what has changed, without secrets; null if nothing has. A changed slug or password counts, but isn't recorded. */
export function recordedChanges(
	before: SharedLinkRow | null,
	after: Partial<SharedLinkValues>
): RecordedChanges | null {
	const recorded: Record<string, { from: string | boolean | null; to: string | boolean | null }> = {};
	const note = (field: string, from: string | boolean | null, to: string | boolean | null) => {
		if (from !== to) recorded[field] = { from, to };
	};
	const { expiresAt, passwordHash } = after;
	if (expiresAt !== undefined)
		note('expiresAt', before?.expiresAt?.toISOString() ?? null, expiresAt?.toISOString() ?? null);
	for (const right of ['allowUpload', 'allowDownload', 'showMetadata'] as const) {
		const to = after[right];
		if (to !== undefined) note(right, before ? before[right] : null, to);
	}
	if (passwordHash !== undefined) note('hasPassword', before?.hasPassword ?? false, passwordHash !== null);
	const isOtherwiseChanged =
		before === null ||
		(typeof passwordHash === 'string' && before.hasPassword) ||
		(after.slug !== undefined && after.slug !== before.slug) ||
		(after.description !== undefined && after.description !== before.description);
	return Object.keys(recorded).length > 0 || isOtherwiseChanged ? recorded : null;
}

/** Reports each ID in the order sent; a repeated one counts once. */
export function toResults(
	assetIds: readonly string[],
	changed: ReadonlySet<string>,
	getError: (assetId: string) => AssetIdsResult['error']
): AssetIdsResult[] {
	const seen = new Set<string>();
	return assetIds.map((assetId) => {
		const id = assetId.toLowerCase();
		const success = changed.has(id) && !seen.has(id);
		const error = success ? undefined : seen.has(id) && changed.has(id) ? 'duplicate' : getError(id);
		seen.add(id);
		return { assetId, success, ...(error && { error }) };
	});
}
