import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { giveUp, root, say } from './setup.mjs';

/** Debian's headless Chromium, which Playwright downloads too: it opens pages in half the time. */
const shell = { package: 'chromium-headless-shell', path: '/usr/bin/chromium-headless-shell' };
/** Where Linux distributions install Chromium. */
const systemPaths = [shell.path, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Finds a Chromium outside Playwright's own folder: the one set in the environment, or the system's. */
export const findChromium = () => process.env.PLAYWRIGHT_CHROMIUM ?? systemPaths.find((path) => existsSync(path));

/** Returns Playwright's own Chromium if it has been downloaded. @returns {Promise<string | undefined>} */
async function findPlaywrightsOwn() {
	const { chromium } = await import('playwright');
	const path = chromium.executablePath();
	return existsSync(path) ? path : undefined;
}

/** @param {string} command @param {string[]} args */
const succeeds = (command, args) =>
	spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;

/** Whether packages can be installed without prompting: as root, on Debian, without a terminal. */
const isDebianRoot = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** @param {string} name */
const installPackage = (name) =>
	succeeds('apt-get', ['update', '-qq']) && succeeds('apt-get', ['install', '-y', '-qq', name]);

/** Finds or installs a browser for the tests, and prints which one. */
export async function ensureBrowser() {
	const own = await findPlaywrightsOwn();
	if (!process.env.PLAYWRIGHT_CHROMIUM && !own && !existsSync(shell.path) && isDebianRoot()) {
		say(`Installing ${shell.package} for the browser tests (once) …`);
		installPackage(shell.package);
	}
	const found = findChromium() ?? own;
	if (found) return say(`Browser: ${found}`);
	say('Installing Chromium for the browser tests (once) …');
	if (succeeds('npx', ['playwright', 'install', 'chromium']))
		return say(`Browser: ${(await findPlaywrightsOwn()) ?? ''}`);
	giveUp(
		'No browser for the tests. Install Chromium, and name it in PLAYWRIGHT_CHROMIUM if it is in an unusual place.'
	);
}
