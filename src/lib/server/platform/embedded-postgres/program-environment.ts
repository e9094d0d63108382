import process from 'node:process';
import type { Home } from './home.ts';

/** Spawn options for PostgreSQL's programs. */
export function spawnOptions(home: Home) {
	// The rest of the environment contains our secrets, and PG* variables would change what the programs do.
	const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH'];
	const environment = Object.fromEntries(kept.map((name) => [name, process.env[name]]));
	return { ...home.runAs, cwd: home.root, env: { ...environment, LC_ALL: 'C', TZ: 'UTC' }, windowsHide: true };
}
