/** How far long work is, on a terminal. */
export interface Progress {
	readonly show: (done: number) => void;
	readonly end: () => void;
}

/** Shows a progress bar on standard error if it is a terminal; Ctrl-C is left to the caller. */
export async function startProgress(title: string, total: number): Promise<Progress> {
	if (!process.stderr.isTTY) return { show: () => undefined, end: () => undefined };
	const { SingleBar } = (await import('cli-progress')).default;
	const bar = new SingleBar({
		format: `${title}: {value} of {total} {bar}`,
		stream: process.stderr,
		barCompleteChar: '\u2588',
		barIncompleteChar: '\u2591',
		hideCursor: true,
		gracefulExit: false
	});
	bar.start(total, 0);
	return { show: (done) => bar.update(done), end: () => bar.stop() };
}
