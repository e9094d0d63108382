import { findChromium } from '../../../scripts/browser.mjs';

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
