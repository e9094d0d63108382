import nodeModule from 'node:module';
import path from 'node:path';

/** Node's cache of compiled code, from 22.8 on; the types are those of the oldest supported version. */
interface CompileCache {
	readonly enableCompileCache?: (folder: string) => unknown;
	readonly flushCompileCache?: () => void;
}

const cache = nodeModule as CompileCache;

/**
 * Keeps compiled code for later starts, where Node offers it. It lies inside the build, because what can be written there is
 * executed anyway, and because the next build removes it. In a read-only folder nothing is kept.
 */
export const useCompileCache = (): unknown => cache.enableCompileCache?.(path.resolve('build/compiled'));

/** Writes what has been compiled so far; otherwise only an orderly exit would. */
export const keepCompiledCode = (): void => cache.flushCompileCache?.();
