/**
 * Lists where the focus can go after a row was handled, best first: other buttons of the row, rows below, rows above, the
 * page. Some of them may be removed with the row.
 */
export function findNeighbors(form: HTMLFormElement): HTMLElement[] {
	const row = form.closest('li, tr');
	const rows = [...(row?.parentElement?.children ?? [])];
	const at = row === null ? -1 : rows.indexOf(row);
	const ordered = [...rows.slice(at), ...rows.slice(0, Math.max(at, 0)).toReversed()];
	const buttons = ordered.map((other) =>
		[...other.querySelectorAll<HTMLElement>('button')].findLast((button) => !form.contains(button))
	);
	return [...buttons, document.querySelector('main')].filter((element) => element instanceof HTMLElement);
}
