import { ensureBrowser } from './browser.mjs';
import { ensureBuilt, run } from './setup.mjs';

await ensureBrowser();
ensureBuilt();
run('npx', ['playwright', 'test', ...process.argv.slice(2)]);
