#!/usr/bin/env node
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// The command line of the server: from the build that the server runs, or in a checkout without one from the sources.
// Nothing is installed or built, because a server may be running from here.
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const built = path.join(root, 'build/immich-admin.js');

const isPackage = !existsSync(path.join(root, 'src'));
// A package has no data of its own; in a checkout, paths such as ./data mean the same as for the server.
if (isPackage) process.env['DATA_DIR'] = path.resolve(process.env['DATA_DIR'] || 'data');
process.chdir(root);
if (existsSync(built)) await import(pathToFileURL(built).href);
else if (existsSync(path.join(root, 'node_modules/tsx'))) {
	const { tsImport } = await import('tsx/esm/api');
	await tsImport('../bin/immich-admin.ts', import.meta.url);
} else {
	process.stderr.write('immich-admin is not installed yet. Run npm start once, or npm ci.\n');
	process.exitCode = 1;
}
