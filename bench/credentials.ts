import { z } from 'zod';
import { startFreshServer, startServer } from '#tests/support/server.ts';
import { startBareServer, startEmptyApp } from './references.ts';
import { describeLoad, describeRates, measureInRounds, type Rates } from './rounds.ts';
import type { Figure } from './targets.ts';

const Login = z.object({ accessToken: z.string() });
const Made = z.object({ secret: z.string() });
const Child = z.object({ id: z.string(), token: z.string() });

const admin = { email: 'admin@example.test', password: 'correct horse battery', name: 'Ada' };
const json = { 'content-type': 'application/json' };

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * Measures authentication: reading the caller's own user with each kind of credential, compared with the public ping, and the
 * ping with a bare server, an empty SvelteKit app, and a running Immich if IMMICH_PEER_URL and IMMICH_PEER_KEY name one.
 */
export async function measureCredentials(): Promise<Figure[]> {
	const server = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	const [bare, empty] = [await startBareServer(), await startEmptyApp()];
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
		const { IMMICH_PEER_URL: peerUrl, IMMICH_PEER_KEY: peerKey } = process.env;
		const peer = { headers: { 'x-api-key': peerKey ?? '' } };
		const rates = await measureInRounds({
			bare: { url: bare.url },
			empty: { url: `${empty.url}/ping` },
			ping: { url: `${server.url}/api/server/ping` },
			cookie: { url: me, headers: { cookie: `immich_access_token=${accessToken}` } },
			'bearer token': { url: me, headers: bearer },
			'API key': { url: me, headers: { 'x-api-key': secret } },
			...(peerUrl && { 'Immich ping': { url: `${peerUrl}/api/server/ping` } }),
			...(peerUrl && { 'Immich me': { url: `${peerUrl}/api/users/me`, ...peer } })
		});
		const compare = (what: string, name: string, reference: string, of: string, aim: string): Figure[] => {
			const [measured, against] = [rates.get(name), rates.get(of)];
			return measured && against ? [toFigure(what, measured, against, reference, aim)] : [];
		};
		const ping = 'GET /api/server/ping per second, 32 at once';
		return [
			...compare(ping, 'ping', 'bare node:http', 'bare', '≥ 0.14'),
			...compare(ping, 'ping', 'an empty SvelteKit app on adapter-node', 'empty', '≥ 1'),
			...compare(ping, 'ping', 'Immich', 'Immich ping', '≥ 1'),
			...['cookie', 'bearer token', 'API key'].flatMap((name) => {
				const what = `GET /api/users/me per second by ${name}, 32 at once`;
				return [
					...compare(what, name, 'GET /api/server/ping', 'ping', '≥ 0.75 (Immich: 0.24)'),
					...compare(what, name, 'Immich', 'Immich me', '≥ 5')
				];
			})
		];
	} finally {
		bare.stop();
		empty.stop();
		await server.stop();
	}
}

const toFigure = (what: string, measured: Rates, against: Rates, reference: string, aim: string): Figure => ({
	what,
	measured: describeRates(measured),
	against: `${describeRates(against)} ${reference}, ${describeLoad()}`,
	ratio: (measured.median / against.median).toFixed(2),
	aim
});

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
