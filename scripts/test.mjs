import { ensureBuilt, ensurePackages, run, runTogether, say, stopOnSignals } from './setup.mjs';

// The one command to test: does any missing setup, then runs all tests.
stopOnSignals(1);
await ensurePackages();
const { ensureBrowser } = await import('./browser.mjs');
await ensureBrowser();
await ensureBuilt();
say('Format, lint and types …');
await runTogether('lint', 'check', 'format:check');
say('Unit, contract and interface tests …');
await run('npm', ['run', '--silent', 'test:fast']);
say('Browser tests …');
await run('npx', ['playwright', 'test']);
say('All tests passed.');
