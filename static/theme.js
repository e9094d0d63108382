// Runs before the first paint, so that no page flashes in the wrong theme. Without it the style sheet follows the system.
(() => {
	const root = document.documentElement;
	const system = matchMedia('(prefers-color-scheme: dark)');

	const readPreference = () => {
		try {
			return JSON.parse(localStorage.getItem('immich-ui-theme') ?? '"system"');
		} catch {
			return 'system';
		}
	};

	const apply = () => {
		const preference = readPreference();
		const isDark = preference === 'dark' || (preference !== 'light' && system.matches);
		root.classList.toggle('dark', isDark);
		root.classList.toggle('light', !isDark);
	};

	// Tells the style sheet that controls which need a script can be shown.
	root.classList.add('js');
	apply();
	system.addEventListener('change', apply);
	addEventListener('storage', apply);
})();
