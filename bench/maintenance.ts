import autocannon, { type Options } from 'autocannon';
import { z } from 'zod';
import { startFreshServer, startServer } from '#tests/support/server.ts';
import type { Figure } from './targets.ts';

const Login = z.object({ accessToken: z.string() });
const admin = { email: 'admin@example.test', password: 'correct horse battery', name: 'Ada' };
const json = { 'content-type': 'application/json' };
const switches = 50;
const connections = 16;
const pauseMs = 50;

const load = (options: Options) => {
	let stop = () => {};
	const result = new Promise<autocannon.Result>((resolve, reject) => {
		const instance = autocannon(options, (error: Error | null, done) => (error ? reject(error) : resolve(done)));
		stop = () => instance.stop();
	});
	return { result, stop: () => stop() };
};

/** Toggles maintenance mode under load: which connections are refused, and when a second instance follows. */
export async function measureMaintenance(): Promise<Figure[]> {
	const here = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	const there = await startServer({ DATA_DIR: here.dataDir, IMMICH_LOG_LEVEL: 'error' });
	try {
		const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
			fetch(here.url + path, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });
		await post('/api/auth/admin-sign-up', admin);
		const { accessToken } = Login.parse(await (await post('/api/auth/login', admin)).json());
		const set = async (action: 'start' | 'end', token: string) => {
			const reply = await post('/api/admin/maintenance', { action }, { authorization: `Bearer ${token}` });
			if (reply.status !== 201) throw new Error(`${action}: ${reply.status}`);
			return /immich_maintenance_token=([^;]*)/.exec(reply.headers.get('set-cookie') ?? '')?.[1] ?? '';
		};
		const ask = async () => (await fetch(`${there.url}/api/server/media-types`)).status;
		const loads = [here, there].map(({ url }) =>
			load({ url: `${url}/api/server/media-types`, connections, duration: 600 })
		);
		const delaysMs: number[] = [];
		const askingMs: number[] = [];
		let token = accessToken;
		for (let count = 0; count < switches; count++) {
			const isStart = count % 2 === 0;
			await new Promise((resolve) => setTimeout(resolve, pauseMs));
			const askedAt = performance.now();
			await ask();
			askingMs.push(performance.now() - askedAt);
			const given = await set(isStart ? 'start' : 'end', isStart ? accessToken : token);
			const doneAt = performance.now();
			while ((await ask()) !== (isStart ? 503 : 200));
			delaysMs.push(performance.now() - doneAt);
			token = isStart ? given : accessToken;
		}
		for (const { stop } of loads) stop();
		const results = await Promise.all(loads.map(({ result }) => result));
		const refused = results.reduce((sum, { errors, timeouts, resets }) => sum + errors + timeouts + resets, 0);
		const answered = results.reduce((sum, { requests }) => sum + requests.total, 0);
		const slowest = Math.max(...delaysMs);
		const typicalMs = askingMs.toSorted((a, b) => a - b)[Math.floor(switches / 2)] ?? 0;
		return [
			{
				what: `Requests without an answer while maintenance is switched ${switches} times under load`,
				measured: String(refused),
				against: `${answered} answered`,
				ratio: (refused / answered).toFixed(2),
				aim: '= 0 requests (Immich: away for 10 s, each way)'
			},
			{
				what: 'A switch of maintenance on one instance is followed by another, slowest',
				measured: `${slowest.toFixed(0)} ms`,
				against: `${typicalMs.toFixed(1)} ms to ask`,
				ratio: (slowest / typicalMs).toFixed(1),
				aim: '< 200 ms'
			}
		];
	} finally {
		await there.stop();
		await here.stop();
	}
}
