/** A day of the timeline and how many photos it has. */
export interface DayOfPhotos {
	readonly day: string;
	readonly count: number;
}

/** Where a day is in the grid, in pixels and photos. */
export interface PlacedDay extends DayOfPhotos {
	readonly top: number;
	/** Photos before it. */
	readonly first: number;
}

export interface GridLayout {
	readonly days: readonly PlacedDay[];
	readonly columns: number;
	/** Of a square cell, with the gap. */
	readonly cell: number;
	readonly height: number;
	readonly count: number;
}

/** A row of photos of one day. */
export interface GridRow {
	readonly top: number;
	readonly day: string;
	/** The first photo, counted within the day. */
	readonly offset: number;
	readonly count: number;
	/** The first photo, counted within the whole grid. */
	readonly first: number;
}

export const headerPixels = 44;
export const gapPixels = 4;
const widestCell = 220;
const fewestColumns = 3;

/** Lays the grid out. All of it follows from the counts, so nothing moves when pictures or their data arrive. */
export function layOut(days: readonly DayOfPhotos[], width: number): GridLayout {
	const columns = Math.max(fewestColumns, Math.ceil(width / widestCell));
	const cell = (width + gapPixels) / columns;
	const placed: PlacedDay[] = [];
	let [top, first] = [0, 0];
	for (const each of days) {
		placed.push({ ...each, top, first });
		top += headerPixels + Math.ceil(each.count / columns) * cell;
		first += each.count;
	}
	return { days: placed, columns, cell, height: top, count: first };
}

/** Returns the first day that ends below a position; binary search, as there can be thousands. */
export function findDay({ days }: GridLayout, top: number): number {
	let [low, high] = [0, days.length - 1];
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((days[middle]?.top ?? 0) <= top) low = middle;
		else high = middle - 1;
	}
	return Math.max(0, low);
}

/** Returns the days and rows that are visible between two positions. */
export function listVisible(
	layout: GridLayout,
	from: number,
	to: number
): { readonly days: readonly PlacedDay[]; readonly rows: readonly GridRow[] } {
	const { columns, cell } = layout;
	const days: PlacedDay[] = [];
	const rows: GridRow[] = [];
	for (let index = findDay(layout, from); index < layout.days.length; index++) {
		const day = layout.days[index];
		if (!day || day.top > to) break;
		days.push(day);
		const start = day.top + headerPixels;
		const lines = Math.ceil(day.count / columns);
		const firstLine = Math.max(0, Math.floor((from - start) / cell));
		const lastLine = Math.min(lines - 1, Math.floor((to - start) / cell));
		for (let line = firstLine; line <= lastLine; line++) {
			const offset = line * columns;
			const count = Math.min(columns, day.count - offset);
			rows.push({ top: start + line * cell, day: day.day, offset, count, first: day.first + offset });
		}
	}
	return { days, rows };
}

/** Finds the day of a photo, by its position in the whole grid. */
export function locate(
	{ days }: GridLayout,
	index: number
): { readonly day: PlacedDay; readonly offset: number } | null {
	let [low, high] = [0, days.length - 1];
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((days[middle]?.first ?? 0) <= index) low = middle;
		else high = middle - 1;
	}
	const day = days[low];
	return day && index >= day.first && index < day.first + day.count ? { day, offset: index - day.first } : null;
}

/** Returns where the focus goes with an arrow key: to the neighboring photo, or to the one above or below, also of another day. */
export function step(layout: GridLayout, index: number, key: string): number {
	const found = locate(layout, index);
	if (!found) return 0;
	const { columns, count } = layout;
	const { day, offset } = found;
	const clamp = (next: number) => Math.min(count - 1, Math.max(0, next));
	if (key === 'ArrowLeft') return clamp(index - 1);
	if (key === 'ArrowRight') return clamp(index + 1);
	if (key === 'Home') return 0;
	if (key === 'End') return count - 1;
	const column = offset % columns;
	if (key === 'ArrowDown') {
		if (offset + columns < day.count) return index + columns;
		const lastRow = Math.floor((day.count - 1) / columns) * columns;
		if (offset < lastRow) return day.first + day.count - 1;
		const next = layout.days[layout.days.indexOf(day) + 1];
		return next ? next.first + Math.min(column, next.count - 1) : index;
	}
	if (offset >= columns) return index - columns;
	const previous = layout.days[layout.days.indexOf(day) - 1];
	if (!previous) return index;
	const lastRow = Math.floor((previous.count - 1) / columns) * columns;
	return previous.first + Math.min(lastRow + column, previous.count - 1);
}

/** `Tuesday, March 4, 2026`. Days are written without a time zone. */
export const dayTitle = (day: string): string =>
	new Date(`${day}T00:00:00Z`).toLocaleDateString('en-US', { dateStyle: 'full', timeZone: 'UTC' });
export const monthTitle = (month: string): string =>
	new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** Returns the months of days, in their order. */
export const listMonths = (days: readonly string[]): string[] => [...new Set(days.map((day) => day.slice(0, 7)))];
