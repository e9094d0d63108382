import { readdir } from 'node:fs/promises';
import nodeModule from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startFreshServer } from '#tests/support/server.ts';

it('keeps compiled code for the next start where Node offers that', async () => {
	const server = await startFreshServer();
	await server.stop();
	const kept = await readdir(path.resolve('build/compiled')).catch(() => []);
	const own = kept.filter((folder) => folder.startsWith(`${process.version}-`));
	expect(own).toHaveLength('enableCompileCache' in nodeModule ? 1 : 0);
});
