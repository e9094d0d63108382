import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { giveUp, root, say } from './setup.mjs';

/** Where Linux distributions put Chromium. */
const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Finds a Chromium outside Playwright's own folder: the one named by the environment, or the system's. */
export const findChromium = () => process.env.PLAYWRIGHT_CHROMIUM ?? systemPaths.find((path) => existsSync(path));

/** Playwright's own Chromium, once it has been downloaded. @returns {Promise<string | undefined>} */
async function findPlaywrightsOwn() {
	const { chromium } = await import('playwright');
	const path = chromium.executablePath();
	return existsSync(path) ? path : undefined;
}

/** @param {string} command @param {string[]} args */
const succeeds = (command, args) =>
	spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;

/** Makes sure that there is a browser to test with, and says which. */
export async function ensureBrowser() {
	const found = findChromium() ?? (await findPlaywrightsOwn());
	if (found) return say(`Browser: ${found}`);
	say('Installing Chromium for the browser tests (once) …');
	if (succeeds('npx', ['playwright', 'install', 'chromium']))
		return say(`Browser: ${(await findPlaywrightsOwn()) ?? ''}`);
	const isDebian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
	if (isDebian && succeeds('apt-get', ['update']) && succeeds('apt-get', ['install', '-y', 'chromium'])) {
		const installed = findChromium();
		if (installed) return say(`Browser: ${installed}`);
	}
	giveUp(
		'No browser for the tests. Install Chromium, and name it in PLAYWRIGHT_CHROMIUM if it is in an unusual place.'
	);
}
