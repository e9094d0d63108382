import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

const script = path.join(import.meta.dirname, 'leaving-process.ts');

/** Starts a process that waits for its requests on exit. */
async function start() {
	const child = spawn(process.execPath, ['--import', 'tsx', script]);
	const lines: string[] = [];
	let complaint = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
	const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, lines, complaint }));
	const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
	const saying = async (wanted: string) => {
		while (!lines.includes(wanted)) await once(output, 'line');
	};
	await saying('ready');
	return { child, saying, ended };
}

describe.skipIf(process.platform === 'win32')('a second signal', { timeout: 60_000 }, () => {
	it('cuts off the requests that the first one waits for', async () => {
		const { child, saying, ended } = await start();
		child.kill('SIGTERM');
		await saying('closing');
		// Signals within the first second count as the first one.
		const again = setInterval(() => child.kill('SIGINT'), 50);
		const outcome = await ended;
		clearInterval(again);
		expect(outcome.code).toBe(0);
		expect(outcome.lines.slice(0, 3)).toEqual(['ready', 'closing', 'cut']);
		expect(outcome.complaint).toBe('');
	});

	it('at the same moment counts as the first one, and cuts off nothing', async () => {
		const { child, ended } = await start();
		child.kill('SIGTERM');
		child.kill('SIGINT');
		expect(await ended).toEqual({
			code: 0,
			lines: ['ready', 'closing'],
			complaint: 'immich-auth stopped without waiting for: requests\n'
		});
	});
});
