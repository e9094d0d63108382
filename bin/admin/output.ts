import { once } from 'node:events';

let isClosed = false;

/** Whether the program that read our output has ended, as `head` does. */
export const isOutputClosed = (): boolean => isClosed;

/** Keeps a closed pipe from crashing the command: what it does is finished, and only the rest of its output is dropped. */
export function allowClosedPipes(): void {
	for (const stream of [process.stdout, process.stderr])
		stream.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'EPIPE') throw error;
			if (stream === process.stdout) isClosed = true;
		});
}

/** Writes a line for the user or the next program. */
export function say(line: string): void {
	if (!isClosed) process.stdout.write(`${line}\n`);
}

/** Writes a part of a long output, and waits while the reader is slower. */
export async function write(part: string | Uint8Array): Promise<void> {
	if (isClosed || process.stdout.write(part)) return;
	const over = new AbortController();
	const ends = ['drain', 'close', 'error'].map((name) => once(process.stdout, name, { signal: over.signal }));
	for (const end of ends) end.catch(() => undefined);
	await Promise.race(ends).catch(() => undefined);
	over.abort();
}

/** Writes a line about the progress or a failure. */
export const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Replaces characters with which a stored text could control the terminal, change the direction of writing or hide. Joiners
 * stay, because Persian and emoji need them.
 */
export const printable = (text: string): string =>
	text.replaceAll(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd');
