import { ensureBuilt, ensurePackages, run, runTogether, say, stopOnSignals } from './setup.mjs';

// One command for everything: what is missing is set up first, then all tests run.
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
