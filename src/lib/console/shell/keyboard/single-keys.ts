import { editAddress, moveRow, openRow, checkRow } from './rows.ts';

/** Actions the shortcuts need from the shell. */
export interface KeyActions {
	readonly open: (address: string) => void;
	readonly openPalette: () => void;
	readonly openHelp: () => void;
}

/** All shortcuts with their description for the help dialog. */
export const singleKeys = [
	{ key: '/', does: 'Search this page' },
	{ key: 'j', does: 'Next row' },
	{ key: 'k', does: 'Previous row' },
	{ key: 'x', does: 'Select the row' },
	{ key: 'Enter', does: 'Open the row' },
	{ key: 'e', does: 'Edit the row' },
	{ key: '?', does: 'Show keyboard shortcuts' }
] as const;

/** Handles a shortcut; returns whether the key was one. */
export function pressSingleKey(event: KeyboardEvent, { open, openPalette, openHelp }: KeyActions): boolean {
	switch (event.key) {
		case '/':
			if (!focusSearch()) openPalette();
			return true;
		case 'j':
			return moveRow(1);
		case 'k':
			return moveRow(-1);
		case 'x':
		case 'X':
			return checkRow(event.shiftKey);
		case 'Enter':
			return openRow();
		case 'e': {
			const address = editAddress();
			if (address !== null) open(address);
			return address !== null;
		}
		case '?':
			openHelp();
			return true;
		default:
			return false;
	}
}

/** Whether the key belongs to something else: a text field, a dialog, or the browser. */
export function isTaken({ target, defaultPrevented, isComposing, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
	if (defaultPrevented || isComposing || ctrlKey || metaKey || altKey) return true;
	if (document.querySelector('dialog[open]') !== null) return true;
	return target instanceof HTMLElement && (target.isContentEditable || target.matches(typedInto));
}

const typedInto = 'textarea, select, input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])';

function focusSearch(): boolean {
	const search = [...document.querySelectorAll<HTMLInputElement>('[role="search"] input, input[type="search"]')].find(
		(input) => input.checkVisibility()
	);
	search?.focus();
	search?.select();
	return search !== undefined;
}
