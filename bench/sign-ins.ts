import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/bcrypt';
import autocannon, { type Options, type Result } from 'autocannon';
import { z } from 'zod';
import { startFreshServer } from '#tests/support/server.ts';
import { bcryptCost } from '#lib/server/platform/crypto/password-hasher.ts';
import type { Figure } from './targets.ts';

const Login = z.object({ accessToken: z.string() });

const durationSeconds = 8;
const rounds = 3;
const admin = { email: 'admin@example.test', password: 'correct horse battery', name: 'Ada' };
const json = { 'content-type': 'application/json' };

const run = (options: Options) =>
	new Promise<Result>((resolve, reject) =>
		autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)))
	);

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Compares passwords on all cores and does nothing else. */
async function bareComparesPerSecond(passwordHash: string): Promise<number> {
	const until = performance.now() + durationSeconds * 1_000;
	let count = 0;
	const worker = async () => {
		while (performance.now() < until) {
			await verify(admin.password, passwordHash);
			count++;
		}
	};
	const startedAt = performance.now();
	await Promise.all(Array.from({ length: availableParallelism() }, worker));
	return count / ((performance.now() - startedAt) / 1_000);
}

/** Compares sign-ins with bare bcrypt, and measures how a burst of them affects a signed-in user. */
export async function measureSignIns(): Promise<Figure[]> {
	const server = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	try {
		const post = (path: string, body: unknown) =>
			fetch(server.url + path, { method: 'POST', headers: json, body: JSON.stringify(body) });
		await post('/api/auth/admin-sign-up', admin);
		const { accessToken } = Login.parse(await (await post('/api/auth/login', admin)).json());
		const passwordHash = await hash(admin.password, bcryptCost);
		const storm: Options = {
			url: `${server.url}/api/auth/login`,
			method: 'POST',
			headers: json,
			body: JSON.stringify({ email: admin.email, password: admin.password }),
			connections: availableParallelism() * 4,
			duration: durationSeconds
		};
		const unhurried: Options = {
			url: `${server.url}/api/users/me`,
			headers: { authorization: `Bearer ${accessToken}` },
			duration: durationSeconds
		};
		const me: Options = { ...unhurried, connections: 1, overallRate: 50 };
		await run({ ...storm, duration: 2 });
		const [bare, signIns, quiet, stormy]: [number[], number[], number[], number[]] = [[], [], [], []];
		for (let round = 0; round < rounds; round++) {
			bare.push(await bareComparesPerSecond(passwordHash));
			signIns.push((await run(storm)).requests.average);
			quiet.push((await run(me)).latency.p99);
			const [calm] = await Promise.all([run(me), run(storm)]);
			stormy.push(calm.latency.p99);
		}
		return [
			{
				what: 'Sign-ins per second',
				measured: median(signIns).toFixed(1),
				against: `${median(bare).toFixed(1)} bare bcrypt comparisons`,
				ratio: (median(signIns) / median(bare)).toFixed(2),
				aim: '≥ 0.90'
			},
			{
				what: 'p99 of a signed-in request during a sign-in storm',
				measured: `${median(stormy).toFixed(0)} ms`,
				against: `${median(quiet).toFixed(0)} ms when quiet`,
				ratio: (median(stormy) / Math.max(1, median(quiet))).toFixed(1),
				aim: '< 50 ms'
			}
		];
	} finally {
		await server.stop();
	}
}
