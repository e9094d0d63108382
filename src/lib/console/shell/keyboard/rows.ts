/*
 * Lists with keyboard navigation: a container marked data-rows with data-row elements, each with its link a[data-row-link] and
 * optionally a checkbox input[data-row-select] and a data-row-edit URL.
 */

/** Returns the row that has the focus. */
export const currentRow = (): HTMLElement | null =>
	document.activeElement?.closest<HTMLElement>('[data-rows] [data-row]') ?? null;

/** Focuses the next or previous row, or the first one from elsewhere. Returns whether there are rows. */
export function moveRow(step: 1 | -1): boolean {
	const rows = [...document.querySelectorAll<HTMLElement>('[data-rows] [data-row]')].filter((row) =>
		row.checkVisibility()
	);
	const current = currentRow();
	const at = current === null ? -1 : rows.indexOf(current);
	const row = rows[at === -1 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
	if (!row) return false;
	findLink(row)?.focus();
	row.scrollIntoView({ block: 'nearest' });
	return true;
}

/** Toggles the focused row's checkbox; with Shift, like a Shift-click. */
export function checkRow(shiftKey: boolean): boolean {
	const box = currentRow()?.querySelector<HTMLInputElement>('input[data-row-select]');
	return box?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey })) ?? false;
}

/** Opens the focused row. A focused link, button or checkbox handles Enter natively. */
export function openRow(): boolean {
	const row = currentRow();
	const isBox = document.activeElement?.matches('input[data-row-select]') === true;
	if (!row || !isBox) return false;
	findLink(row)?.click();
	return true;
}

/** Returns the edit URL of the focused row. */
export const editAddress = (): string | null => currentRow()?.dataset['rowEdit'] ?? null;

const findLink = (row: HTMLElement): HTMLAnchorElement | null =>
	row.querySelector<HTMLAnchorElement>('a[data-row-link]');
