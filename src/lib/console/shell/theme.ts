/** The key that static/theme.js reads before the first paint. */
const storageKey = 'immich-ui-theme';

/** Turns light to dark and back, and remembers it. */
export function toggleTheme(): void {
	const root = document.documentElement;
	const theme = root.classList.contains('dark') ? 'light' : 'dark';
	const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
	root.classList.toggle('dark', theme === 'dark');
	root.classList.toggle('light', theme === 'light');
	try {
		// Who chooses what the system has follows it again from then on.
		localStorage.setItem(storageKey, JSON.stringify(theme === system ? 'system' : theme));
	} catch {
		// Storage may be forbidden; the theme then lasts as long as the page.
	}
}
