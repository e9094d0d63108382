#!/usr/bin/env node
// Runs the built command line. In a checkout it is built first if its sources have changed, which takes a moment.
import { existsSync } from 'node:fs';

const sources = new URL('../src/cli/main.ts', import.meta.url);
const compiler = new URL('../node_modules/esbuild/package.json', import.meta.url);
if (existsSync(sources) && existsSync(compiler)) {
	const { ensureCliBuilt } = await import('../scripts/setup.mjs');
	await ensureCliBuilt();
}
await import(new URL('../build/cli/immich-auth.js', import.meta.url).href);
