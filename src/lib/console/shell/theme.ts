/** The key that static/theme.js reads before the first paint. */
const storageKey = 'immich-ui-theme';

/** Toggles between light and dark and stores the choice. */
export function toggleTheme(): void {
	const root = document.documentElement;
	const theme = root.classList.contains('dark') ? 'light' : 'dark';
	const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
	root.classList.toggle('dark', theme === 'dark');
	root.classList.toggle('light', theme === 'light');
	try {
		// Choosing the system's theme follows the system again.
		localStorage.setItem(storageKey, JSON.stringify(theme === system ? 'system' : theme));
	} catch {
		// Storage may be blocked; the theme then lasts until the page is left.
	}
}
