import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Variants that the build compresses; they are sent in place of the file, never by their own name. */
const compressed = /\.(?:br|gz)$/;

/**
 * Lists the files that are served from a folder, as URL paths.
 * @throws {Error} if the folder can't be read
 */
export async function listStaticFiles(folder: string): Promise<ReadonlySet<string>> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile() && !compressed.test(entry.name));
	return new Set(
		files.map(
			({ parentPath, name }) => `/${path.relative(folder, path.join(parentPath, name)).split(path.sep).join('/')}`
		)
	);
}
