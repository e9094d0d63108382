const storageKey = 'immich-auth-single-keys';

/** Whether single-key shortcuts are on; they are unless the user turned them off (WCAG 2.1.4). */
export function areSingleKeysOn(): boolean {
	try {
		return localStorage.getItem(storageKey) !== 'off';
	} catch {
		return true;
	}
}

/** Stores the choice in this browser. */
export function rememberSingleKeys(areOn: boolean): void {
	try {
		if (areOn) localStorage.removeItem(storageKey);
		else localStorage.setItem(storageKey, 'off');
	} catch {
		// Storage may be blocked; the choice is then lost.
	}
}
