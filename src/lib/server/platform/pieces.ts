import { setImmediate as breathe } from 'node:timers/promises';

/** Yields a string, bytes or a list in chunks and lets other requests run between chunks. */
export function splitIntoPieces(whole: string, size: number): AsyncGenerator<string, undefined>;
export function splitIntoPieces(whole: Uint8Array, size: number): AsyncGenerator<Uint8Array, undefined>;
export function splitIntoPieces<T>(whole: readonly T[], size: number): AsyncGenerator<readonly T[], undefined>;
export async function* splitIntoPieces(
	whole: string | Uint8Array | readonly unknown[],
	size: number
): AsyncGenerator<unknown, undefined> {
	for (let start = 0; start < whole.length; start += size) {
		if (start > 0) await breathe();
		yield whole instanceof Uint8Array ? whole.subarray(start, start + size) : whole.slice(start, start + size);
	}
	return undefined;
}
