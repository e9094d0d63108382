/**
 * Copies text and returns whether it worked. Browsers hide `navigator.clipboard` on plain http pages; a selected textarea
 * still works there.
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
	// Nothing outside an open modal dialog can be focused, so the textarea goes inside.
	const place = focused?.closest('dialog') ?? document.body;
	const area = document.createElement('textarea');
	area.value = text;
	area.readOnly = true;
	area.setAttribute('aria-hidden', 'true');
	area.style.cssText = 'position: fixed; inset-block-start: 0; opacity: 0';
	place.append(area);
	area.select();
	try {
		// eslint-disable-next-line @typescript-eslint/no-deprecated -- the only option on plain http pages
		return document.execCommand('copy');
	} catch {
		return false;
	} finally {
		area.remove();
		if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
	}
}
