import { ensurePackages, run, stopOnSignals } from './setup.mjs';

stopOnSignals(0);
await ensurePackages();
await run('npx', ['prisma', 'generate']);
await run('npx', ['vite', 'dev']);
