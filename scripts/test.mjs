import { ensureBuilt, ensurePackages, run, say } from './setup.mjs';

// One command for everything: what is missing is set up first, then all tests run.
ensurePackages();
const { ensureBrowser } = await import('./browser.mjs');
await ensureBrowser();
ensureBuilt();
say('Format, lint, types, unit, contract and interface tests …');
run('npm', ['run', '--silent', 'verify']);
say('Browser tests …');
run('npx', ['playwright', 'test']);
say('All tests passed.');
