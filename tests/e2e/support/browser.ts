import { existsSync } from 'node:fs';

/** Where Linux distributions put the browser. */
const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Finds a Chromium that is already there; undefined where Playwright's own is to be used. */
export const findChromium = (): string | undefined =>
	process.env['PLAYWRIGHT_CHROMIUM'] ?? systemPaths.find((path) => existsSync(path));

/** Starts Chromium so that it talks to nobody but the server under test. */
export function browserOptions() {
	const executablePath = findChromium();
	return {
		launchOptions: {
			...(executablePath === undefined ? {} : { executablePath }),
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	};
}
