import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { say } from './setup.mjs';

/** Debian's smallest package of it. */
const packageName = 'nginx-light';
const usualFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Finds nginx: the one named by the environment, else in PATH and the folders that users' PATH often lacks. */
function findNginx() {
	const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...usualFolders];
	const found = folders.map((folder) => path.join(folder, 'nginx')).find((file) => existsSync(file));
	return process.env.IMMICH_AUTH_TEST_NGINX ?? found;
}

/** @param {string[]} args */
const aptGet = (...args) => spawnSync('apt-get', args, { stdio: 'inherit' }).status === 0;

/** Finds nginx for the tests behind a real proxy; on Debian, run by root, it is installed. Throws if there is none. */
export function ensureNginx() {
	if (!findNginx() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
		say(`Installing ${packageName} for the proxy tests (once) …`);
		if (aptGet('update', '-qq')) aptGet('install', '-y', '-qq', '--no-install-recommends', packageName);
	}
	const found = findNginx();
	if (found) return found;
	throw new Error(
		'The proxy tests need nginx. Install it (Debian: apt-get install nginx-light), or name it in IMMICH_AUTH_TEST_NGINX.'
	);
}
