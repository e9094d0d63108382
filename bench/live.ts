import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { listenAdmitted, type Listener } from '#tests/support/live.ts';
import { startFreshServer } from '#tests/support/server.ts';
import type { Figure } from './targets.ts';

const Login = z.object({ accessToken: z.string() });
const Child = z.object({ id: z.string(), token: z.string() });
const admin = { email: 'admin@example.test', password: 'correct horse battery', name: 'Ada' };
const socketCount = 1_000;
const endedCount = 200;
/** Immich sends the event this long after the session ends. */
const farewellMs = 500;

async function residentKibibytes(pid: number | undefined): Promise<number> {
	const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
}

const at = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;

/** A thousand websocket clients: the cost of each, and when clients whose session ended are notified. */
export async function measureLive(): Promise<Figure[]> {
	const server = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	const listeners = new Map<string, Listener>();
	try {
		const call = (method: string, path: string, token?: string, body?: unknown) =>
			fetch(server.url + path, {
				method,
				headers: {
					'content-type': 'application/json',
					...(token !== undefined && { authorization: `Bearer ${token}` })
				},
				...(body !== undefined && { body: JSON.stringify(body) })
			});
		await call('POST', '/api/auth/admin-sign-up', undefined, admin);
		const { accessToken } = Login.parse(await (await call('POST', '/api/auth/login', undefined, admin)).json());
		const children: z.output<typeof Child>[] = [];
		for (let count = 0; count < socketCount; count++)
			children.push(Child.parse(await (await call('POST', '/api/sessions', accessToken, {})).json()));
		const before = await residentKibibytes(server.process.pid);
		for (const { id, token } of children)
			listeners.set(id, await listenAdmitted(server.url, { authorization: `Bearer ${token}` }));
		const perSocket = ((await residentKibibytes(server.process.pid)) - before) / socketCount;
		const delaysMs: number[] = [];
		const answersMs: number[] = [];
		for (const { id } of children.slice(0, endedCount)) {
			const heard = listeners.get(id)?.next('on_session_delete');
			const endedAt = performance.now();
			await call('DELETE', `/api/sessions/${id}`, accessToken);
			answersMs.push(performance.now() - endedAt);
			await heard;
			delaysMs.push(performance.now() - endedAt - farewellMs);
		}
		const p99 = at(
			delaysMs.toSorted((a, b) => a - b),
			0.99
		);
		const answer = at(
			answersMs.toSorted((a, b) => a - b),
			0.5
		);
		return [
			{
				what: `Memory of the server for each of ${String(socketCount)} websockets`,
				measured: `${perSocket.toFixed(0)} KiB`,
				against: `${(before / 1_024).toFixed(0)} MiB without any`,
				ratio: ((perSocket * socketCount) / before).toFixed(2),
				aim: '≤ 100 KiB'
			},
			{
				what: `From ‘end session’ to its event, less the ${String(farewellMs)} ms that Immich lets pass, p99 of ${String(endedCount)}`,
				measured: `${p99.toFixed(0)} ms`,
				against: `${answer.toFixed(1)} ms of the answer`,
				ratio: (p99 / answer).toFixed(1),
				aim: '< 100 ms'
			}
		];
	} finally {
		for (const listener of listeners.values()) listener.close();
		await server.stop();
	}
}
