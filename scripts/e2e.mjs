import { ensureBrowser } from './browser.mjs';
import { ensureBuilt, run, stopOnSignals } from './setup.mjs';

stopOnSignals(1);
await ensureBrowser();
await ensureBuilt();
await run('npx', ['playwright', 'test', ...process.argv.slice(2)]);
