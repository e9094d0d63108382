import { ensureBuilt, ensurePackages, root, stopOnSignals } from './setup.mjs';

// The one command to start: does any missing setup, then runs the server in this process, so that signals need no
// forwarding.
stopOnSignals(0);
await ensurePackages();
await ensureBuilt();
process.chdir(root);
await import('../build/server.js');
