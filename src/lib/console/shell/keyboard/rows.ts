/*
 * Lists that can be walked through by keyboard: a part marked data-rows, in it data-row elements, each with its link
 * a[data-row-link], and where there are such things a box input[data-row-select] and an address data-row-edit.
 */

/** Gives the row that has the focus. */
export const currentRow = (): HTMLElement | null =>
	document.activeElement?.closest<HTMLElement>('[data-rows] [data-row]') ?? null;

/** Moves the focus to the next row, or the one before; from elsewhere to the first. Tells whether there are rows. */
export function moveRow(step: 1 | -1): boolean {
	const rows = [...document.querySelectorAll<HTMLElement>('[data-rows] [data-row]')].filter((row) =>
		row.checkVisibility()
	);
	const current = currentRow();
	const at = current === null ? -1 : rows.indexOf(current);
	const row = rows[at === -1 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
	if (!row) return false;
	linkOf(row)?.focus();
	row.scrollIntoView({ block: 'nearest' });
	return true;
}

/** Ticks the box of the row that has the focus; with Shift, as a click with Shift does. */
export function tickRow(shiftKey: boolean): boolean {
	const box = currentRow()?.querySelector<HTMLInputElement>('input[data-row-select]');
	return box?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey })) ?? false;
}

/** Opens the row that has the focus. A focused link, button or box knows by itself what Enter does. */
export function openRow(): boolean {
	const row = currentRow();
	const isBox = document.activeElement?.matches('input[data-row-select]') === true;
	if (!row || !isBox) return false;
	linkOf(row)?.click();
	return true;
}

/** Gives the address where the row that has the focus is edited. */
export const editAddress = (): string | null => currentRow()?.dataset['rowEdit'] ?? null;

const linkOf = (row: HTMLElement): HTMLAnchorElement | null => row.querySelector<HTMLAnchorElement>('a[data-row-link]');
