#!/usr/bin/env node
// Runs the built command line. In a checkout it is built first if its sources have changed, which takes a moment.
import { existsSync } from 'node:fs';

const setup = new URL('../scripts/setup.mjs', import.meta.url);
const compiler = new URL('../node_modules/esbuild/package.json', import.meta.url);
if (existsSync(setup) && existsSync(compiler)) {
	const { ensureCliBuilt } = await import(setup.href);
	await ensureCliBuilt();
}
await import(new URL('../build/cli/immich-auth.js', import.meta.url).href);
