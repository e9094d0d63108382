/** Runs `work` one at a time. Calls during a run share one further run, so that each call sees what preceded it. */
export function coalesced(work: () => Promise<void>): () => Promise<void> {
	let running: Promise<void> = Promise.resolve();
	let next: Promise<void> | null = null;
	const run = () => {
		next = null;
		return (running = work());
	};
	return () => (next ??= running.then(run, run));
}
