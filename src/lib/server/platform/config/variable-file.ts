import { readFileSync } from 'node:fs';

/**
 * Reads a variable, or the file named by the same variable with the suffix `_FILE`, which wins, as in Immich.
 * @throws {Error} if the file can't be read; its one line names the variable
 */
export function readVariable(source: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
	const variable = `${name}_FILE`;
	const file = source[variable];
	if (!file) return source[name] || undefined;
	try {
		return readFileSync(file, 'utf8').replace(/[\r\n]+$/, '') || undefined;
	} catch (cause) {
		throw new Error(`${variable}: ${file} cannot be read`, { cause });
	}
}
