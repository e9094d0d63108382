const storageKey = 'immich-auth-single-keys';

/** Tells whether single keys do something; they do unless the reader has switched them off (WCAG 2.1.4). */
export function areSingleKeysOn(): boolean {
	try {
		return localStorage.getItem(storageKey) !== 'off';
	} catch {
		return true;
	}
}

/** Remembers the reader's choice in this browser. */
export function rememberSingleKeys(areOn: boolean): void {
	try {
		if (areOn) localStorage.removeItem(storageKey);
		else localStorage.setItem(storageKey, 'off');
	} catch {
		// Storage may be forbidden; the choice is then not kept.
	}
}
