import autocannon, { type Options, type Result } from 'autocannon';
import { z } from 'zod';
import { startFreshServer } from '#tests/support/server.ts';
import type { Figure } from './run.ts';

const Login = z.object({ accessToken: z.string() });
const Made = z.object({ secret: z.string() });

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

/** What it costs to be somebody: the own account by each kind of credential, against the public ping. */
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
				// The first round warms up.
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
