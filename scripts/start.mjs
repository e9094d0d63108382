import { ensureBuilt, ensurePackages, root, stopOnSignals } from './setup.mjs';

// One command for everything: what is missing is set up first, then the server runs in this very process, so that there is
// nobody to pass signals on.
stopOnSignals(0);
await ensurePackages();
await ensureBuilt();
process.chdir(root);
await import('../build/server.js');
