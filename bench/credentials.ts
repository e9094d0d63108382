import autocannon, { type Options, type Result } from 'autocannon';
import { z } from 'zod';
import { startFreshServer, startServer } from '#tests/support/server.ts';
import type { Figure } from './targets.ts';

const Login = z.object({ accessToken: z.string() });
const Made = z.object({ secret: z.string() });
const Child = z.object({ id: z.string(), token: z.string() });

const durationSeconds = 4;
const rounds = 3;
const connections = 32;
const admin = { email: 'admin@example.test', password: 'correct horse battery', name: 'Ada' };
const json = { 'content-type': 'application/json' };

const run = (options: Options) =>
	new Promise<Result>((resolve, reject) =>
		autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)))
	);

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Measures authentication: reading the caller's own user with each kind of credential, compared with the public ping. */
export async function measureCredentials(): Promise<Figure[]> {
	const server = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	try {
		const post = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> => {
			const init = { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) };
			return (await fetch(server.url + path, init)).json();
		};
		await post('/api/auth/admin-sign-up', admin);
		const { accessToken } = Login.parse(await post('/api/auth/login', admin));
		const bearer = { authorization: `Bearer ${accessToken}` };
		const { secret } = Made.parse(await post('/api/api-keys', { name: 'Bench', permissions: ['user.read'] }, bearer));
		const me = `${server.url}/api/users/me`;
		const targets: readonly (readonly [string, Options])[] = [
			['ping', { url: `${server.url}/api/server/ping` }],
			['cookie', { url: me, headers: { cookie: `immich_access_token=${accessToken}` } }],
			['bearer token', { url: me, headers: bearer }],
			['API key', { url: me, headers: { 'x-api-key': secret } }]
		];
		const rates = new Map<string, number[]>(targets.map(([name]) => [name, []]));
		for (let round = 0; round <= rounds; round++)
			for (const [name, options] of targets) {
				const { requests, non2xx } = await run({ ...options, connections, duration: durationSeconds });
				if (non2xx > 0) throw new Error(`${name}: ${non2xx} refused`);
				// The first round is a warm-up.
				if (round > 0) rates.get(name)?.push(requests.average);
			}
		const ping = median(rates.get('ping') ?? []);
		return targets.slice(1).map(([name]) => {
			const rate = median(rates.get(name) ?? []);
			return {
				what: `GET /api/users/me per second by ${name}, ${connections} at once`,
				measured: rate.toFixed(0),
				against: `${ping.toFixed(0)} GET /api/server/ping`,
				ratio: (rate / ping).toFixed(2),
				aim: '≥ 0.70 (Immich: 0.24)'
			};
		});
	} finally {
		await server.stop();
	}
}

const endedCount = 300;

/** How long another instance with a cached session still accepts it after it was ended. */
export async function measureRevocation(): Promise<Figure> {
	const here = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	const there = await startServer({ DATA_DIR: here.dataDir, IMMICH_LOG_LEVEL: 'error' });
	try {
		const post = (path: string, init: RequestInit) => fetch(here.url + path, { method: 'POST', ...init });
		await post('/api/auth/admin-sign-up', { headers: json, body: JSON.stringify(admin) });
		const { accessToken } = Login.parse(
			await (await post('/api/auth/login', { headers: json, body: JSON.stringify(admin) })).json()
		);
		const delays: number[] = [];
		const askingMs: number[] = [];
		for (let count = 0; count < endedCount; count++) {
			const headers = { authorization: `Bearer ${accessToken}` };
			const child = Child.parse(
				await (await post('/api/sessions', { headers: { ...headers, ...json }, body: '{}' })).json()
			);
			const ask = () => fetch(`${there.url}/api/users/me`, { headers: { authorization: `Bearer ${child.token}` } });
			await ask();
			const askedAt = performance.now();
			if (!(await ask()).ok) throw new Error('The session is not known');
			askingMs.push(performance.now() - askedAt);
			await fetch(`${here.url}/api/sessions/${child.id}`, { method: 'DELETE', headers });
			const endedAt = performance.now();
			while ((await ask()).ok);
			delays.push(performance.now() - endedAt);
		}
		const p99 = delays.toSorted((a, b) => a - b)[Math.floor(endedCount * 0.99)] ?? 0;
		return {
			what: `A session ended on one instance is refused by another, ${endedCount} times: p99`,
			measured: `${p99.toFixed(1)} ms`,
			against: `${median(askingMs).toFixed(1)} ms to ask`,
			ratio: (p99 / median(askingMs)).toFixed(1),
			aim: '< 100 ms'
		};
	} finally {
		await there.stop();
		await here.stop();
	}
}
