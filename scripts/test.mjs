import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, ensurePackages, giveUp, root, run, runTogether, say, stopOnSignals } from './setup.mjs';

// The one command to test: does any missing setup, then runs all tests, or the test files whose paths contain one of the
// given words.
stopOnSignals(1);
const words = process.argv.slice(2);
const files = testFiles().filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
const browserFiles = files.filter((file) => file.endsWith('.spec.ts'));
const otherFiles = files.filter((file) => file.endsWith('.test.ts'));
if (files.length === 0) giveUp(`No test file has ${words.map((word) => `‘${word}’`).join(' or ')} in its path.`);
await ensurePackages();
const { ensureBrowser } = await import('./browser.mjs');
if (browserFiles.length > 0) await ensureBrowser();
await ensureBuilt();
if (words.length === 0) await testEverything();
else await testSome();
say('All tests passed.');

async function testEverything() {
	say('Format, lint and types …');
	await runTogether('lint', 'check', 'format:check');
	say('Unit, contract and interface tests …');
	await run('npm', ['run', '--silent', 'test:fast']);
	say('Browser tests …');
	await run('npx', ['playwright', 'test']);
}

async function testSome() {
	if (otherFiles.length > 0) await run('npx', ['vitest', 'run', ...otherFiles]);
	if (browserFiles.length > 0) await run('npx', ['playwright', 'test', ...browserFiles]);
}

/** All test files, by their paths from the root. */
function testFiles() {
	const found = readdirSync(path.join(root, 'tests'), { recursive: true, encoding: 'utf8' });
	return found.filter((file) => /\.(test|spec)\.ts$/.test(file)).map((file) => path.posix.join('tests', file));
}
