#!/usr/bin/env node
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// The command line of the server: from the build, or in a checkout without a current one from its sources. The build is
// left alone, because a server may be running from it.
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const built = path.join(root, 'build/immich-admin.js');
const isAskingForVersion = ['-V', '--version'].includes(process.argv[2] ?? '');

/** Comparing the sources takes longer than printing a version. */
async function isUsable() {
	if (!existsSync(built)) return false;
	return isAskingForVersion || (await import('./setup.mjs')).isBuildCurrent();
}

const hasBuild = await isUsable();
if (!hasBuild) await (await import('./setup.mjs')).ensurePackages();
// Paths such as ./data mean the same as for the server.
process.chdir(root);
if (hasBuild) await import(pathToFileURL(built).href);
else {
	const { tsImport } = await import('tsx/esm/api');
	await tsImport('../bin/immich-admin.ts', import.meta.url);
}
