import type { TimeBucketAssets } from './timeline.ts';

/** A photo as the grid shows it. */
export interface GridPhoto {
	readonly id: string;
	readonly ownerId: string;
	readonly day: string;
	readonly isImage: boolean;
	readonly isFavorite: boolean;
	readonly duration: number | null;
}

const hourMs = 3_600_000;

/** Converts the lists of a month to photos, by day. */
export function toPhotos(columns: TimeBucketAssets): GridPhoto[] {
	return columns.id.map((id, at) => {
		const local = Date.parse(columns.fileCreatedAt[at] ?? '') + (columns.localOffsetHours[at] ?? 0) * hourMs;
		return {
			id,
			ownerId: columns.ownerId[at] ?? '',
			day: new Date(local).toISOString().slice(0, 10),
			isImage: columns.isImage[at] ?? true,
			isFavorite: columns.isFavorite[at] ?? false,
			duration: columns.duration[at] ?? null
		};
	});
}

/** Groups photos by day. */
export function groupByDay(photos: readonly GridPhoto[]): ReadonlyMap<string, readonly GridPhoto[]> {
	const days = new Map<string, GridPhoto[]>();
	for (const photo of photos) {
		const known = days.get(photo.day);
		if (known) known.push(photo);
		else days.set(photo.day, [photo]);
	}
	return days;
}
