import { spawn } from 'node:child_process';
import { ensureBuilt, ensurePackages, root } from './setup.mjs';

// One command for everything: what is missing is set up first, then the server runs in this terminal.
ensurePackages();
ensureBuilt();
const server = spawn(process.execPath, ['build/server.js'], { cwd: root, stdio: 'inherit' });
// Ctrl-C reaches the whole group; only signals sent to this process alone are passed on.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => server.kill('SIGTERM'));
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
