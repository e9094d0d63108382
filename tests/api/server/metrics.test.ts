import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { startServer } from '#tests/support/server.ts';

const api = useApi({ env: { IMMICH_AUTH_METRICS_PORT: '0' } });

const getPort = () =>
	Number(/"port":(\d+)/.exec(api.lines.find((line) => line.includes('Metrics are served')) ?? '')?.[1]);
const at = (path: string) => fetch(`http://127.0.0.1:${getPort()}${path}`);

describe('GET /metrics on its own port', () => {
	it('reports requests, sign-ins, sessions, jobs, connections, and the event loop', async () => {
		const user = await api.accounts.makeUser();
		const login = (text: string) =>
			api.request('POST', '/api/auth/login', { body: { email: user.email, password: text } });
		expect([(await login(password)).status, (await login('wrong')).status]).toEqual([201, 401]);
		await api.request('GET', `/api/${user.id}`);
		await api.request('NOPE', '/api/server/ping').catch(() => undefined);
		const reply = await at('/metrics');
		expect(reply.headers.get('content-type')).toMatch(/^text\/plain/);
		const text = await reply.text();
		for (const line of [
			/^immich_auth_http_request_duration_seconds_count\{method="POST",route="\/api\/auth\/login",status="201"\} 1$/m,
			/^immich_auth_http_request_duration_seconds_count\{method="GET",route="none",status="404"\} 1$/m,
			/^immich_auth_sign_ins_total\{outcome="done"\} 1$/m,
			/^immich_auth_sign_ins_total\{outcome="refused"\} 1$/m,
			/^immich_auth_sessions 1$/m,
			/^immich_auth_database_connections\{state="open"\} \d+$/m,
			/^immich_auth_password_hashes_waiting 0$/m,
			/^immich_auth_nodejs_eventloop_lag_seconds /m
		])
			expect(text).toMatch(line);
		expect(text).not.toContain(user.id);
		expect(text).not.toContain(user.email);
	});

	it('is the only path there and is not on the server’s own port', async () => {
		expect((await at('/')).status).toBe(404);
		expect((await fetch(`http://127.0.0.1:${getPort()}/metrics`, { method: 'POST' })).status).toBe(404);
		expect((await api.request('GET', '/metrics')).status).toBe(404);
	});

	it('fails startup with one line if its port is in use', async () => {
		const taken = createServer().listen(0, '127.0.0.1');
		await once(taken, 'listening');
		const address = taken.address();
		const port = typeof address === 'object' && address ? address.port : 0;
		const start = startServer({ DATABASE_URL: api.databaseUrl, IMMICH_AUTH_METRICS_PORT: String(port) });
		await expect(start).rejects.toThrow(/IMMICH_AUTH_METRICS_PORT: 127\.0\.0\.1:\d+ cannot be used \(EADDRINUSE\)/);
		taken.close();
	});
});
