/**
 * Copies text and resolves to whether that worked.
 * On plain http pages browsers hide `navigator.clipboard`; a selected textarea still copies there.
 */
export async function copyText(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return copySelected(text);
	}
}

function copySelected(text: string): boolean {
	const focused = document.activeElement;
	// Outside an open modal dialog nothing can be focused, so the textarea goes inside.
	const place = focused?.closest('dialog') ?? document.body;
	const area = document.createElement('textarea');
	area.value = text;
	area.readOnly = true;
	area.setAttribute('aria-hidden', 'true');
	area.style.cssText = 'position: fixed; inset-block-start: 0; opacity: 0';
	place.append(area);
	area.select();
	try {
		// eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way on plain http pages
		return document.execCommand('copy');
	} catch {
		return false;
	} finally {
		area.remove();
		if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
	}
}
