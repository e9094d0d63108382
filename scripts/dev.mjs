import { ensurePackages, run } from './setup.mjs';

ensurePackages();
run('npx', ['prisma', 'generate']);
run('npx', ['vite', 'dev']);
