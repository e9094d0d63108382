import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root, say } from './setup.mjs';

/** @param {string} command @param {string[]} args */
const succeeds = (command, args) =>
	spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;

/** Whether packages can be installed without prompting: as root, on Debian. */
const isDebianRoot = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** @param {string} name @returns {string | undefined} its path */
export const findProgram = (name) =>
	[...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']
		.map((folder) => path.join(folder, name))
		.find((file) => existsSync(file));

/**
 * Finds a program that tests need, and installs it on Debian as root. Throws if it is missing.
 *
 * @param {string} name @param {string} packageName of Debian @returns {string} its path
 */
export function ensureProgram(name, packageName = name) {
	const found = findProgram(name);
	if (found) return found;
	if (isDebianRoot()) {
		say(`Installing ${packageName} for the tests (once) …`);
		if (succeeds('apt-get', ['update', '-qq']))
			succeeds('apt-get', ['install', '-y', '-qq', '--no-install-recommends', packageName]);
	}
	const installed = findProgram(name);
	if (installed) return installed;
	throw new Error(`The tests need ${name}. Install the package "${packageName}", so that the program is in PATH.`);
}
