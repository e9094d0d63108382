import { keepCompiledCode, useCompileCache } from './compile-cache.ts';
import { exit } from './exit.ts';

// Signals are handled before the rest is loaded, which takes a moment.
exit.run(async () => {
	useCompileCache();
	const { serve } = await import('./serve.ts');
	await serve(exit);
	keepCompiledCode();
});
