import { ensureBuilt, ensurePackages, run, runTogether, say } from './setup.mjs';

// One command for everything: what is missing is set up first, then all tests run.
ensurePackages();
const { ensureBrowser } = await import('./browser.mjs');
await ensureBrowser();
ensureBuilt();
say('Format, lint and types …');
await runTogether('lint', 'check', 'format:check');
say('Unit, contract and interface tests …');
run('npm', ['run', '--silent', 'test:fast']);
say('Browser tests …');
run('npx', ['playwright', 'test']);
say('All tests passed.');
