import { build } from 'esbuild';
import { root } from './setup.mjs';

// Packages are bundled: the program starts faster, and runs where none are installed.
await build({
	absWorkingDir: root,
	entryPoints: { 'immich-auth': 'src/cli/main.ts', session: 'src/cli/session/index.ts' },
	outdir: 'build/cli',
	bundle: true,
	splitting: true,
	minifySyntax: true,
	format: 'esm',
	platform: 'node',
	target: 'node20.19',
	logLevel: 'warning',
	// Packages in CommonJS need it.
	banner: { js: `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);` }
});
