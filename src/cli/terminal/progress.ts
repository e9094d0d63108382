/** How far long work is, on a terminal. */
export interface Progress {
	readonly show: (done: number) => void;
	readonly end: () => void;
}

/** Shows a progress bar on standard error if it is a terminal. */
export async function startProgress(title: string, total: number): Promise<Progress> {
	if (!process.stderr.isTTY) return { show: () => undefined, end: () => undefined };
	const { progress } = await import('@clack/prompts');
	const bar = progress({ max: total, output: process.stderr });
	bar.start(title);
	let shown = 0;
	return {
		show: (done) => {
			bar.advance(done - shown, `${title}: ${done} of ${total}`);
			shown = done;
		},
		end: () => bar.stop(`${title}: ${shown} of ${total}`)
	};
}
