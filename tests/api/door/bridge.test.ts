import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { cheapHash, password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';

const api = useApi();

/** Sends text on a connection of its own and returns everything that arrives until the server closes it. */
async function exchange(text: string): Promise<string> {
	const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
	let received = '';
	socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
	socket.on('error', () => undefined);
	socket.write(text);
	await once(socket, 'close', { signal: AbortSignal.timeout(20_000) });
	return received;
}

const lines = (...all: readonly string[]): string => [...all, 'Connection: close', '', ''].join('\r\n');
const getHead = (response: string): string => response.split('\r\n\r\n')[0] ?? '';
const getBody = (response: string): string => response.slice(getHead(response).length + 4);

describe('a request target', () => {
	it('in absolute form is served, but its host is not believed', async () => {
		const response = await exchange(
			lines('GET http://evil.test/auth/register?a=b HTTP/1.1', `Host: ${new URL(api.url).host}`)
		);
		expect(response).toMatch(/^HTTP\/1\.1 (?:200|303) /);
		expect(response).not.toContain('evil.test');
		const ping = await exchange(lines('GET HTTP://evil.test/API/server/ping HTTP/1.1', 'Host: localhost'));
		expect(getBody(ping)).toBe('{"res":"pong"}');
	});

	it('in absolute form does not become the origin that forms are compared with', async () => {
		const { email } = await api.accounts.makeUser({ password: cheapHash });
		const form = new URLSearchParams({ email, password }).toString();
		const response = await exchange(
			lines(
				'POST http://evil.test/auth/login HTTP/1.1',
				`Host: ${new URL(api.url).host}`,
				'Origin: http://evil.test',
				'Accept: text/html',
				'Content-Type: application/x-www-form-urlencoded',
				`Content-Length: ${String(form.length)}`
			) + form
		);
		expect(response).toMatch(/^HTTP\/1\.1 403 /);
	});

	it.each([
		'OPTIONS * HTTP/1.1',
		'GET ftp://evil.test/ HTTP/1.1',
		'GET http://[/ HTTP/1.1',
		'GET /auth\\login HTTP/1.1'
	])('%s gets 400, with the common headers', async (line) => {
		const response = await exchange(lines(line, 'Host: localhost'));
		expect(response).toMatch(/^HTTP\/1\.1 400 /);
		expect(response.toLowerCase()).toContain('x-content-type-options: nosniff');
		expect(getBody(response)).toBe('Bad Request');
	});

	it.each(['//evil.test/', '//evil.test/%2e%2e/', '/\t', '/%zz', '/%00', '/..//..//etc/passwd', '/api/%2e%2e/admin'])(
		'%j reaches no other site and no file',
		async (target) => {
			const response = await exchange(lines(`GET ${target} HTTP/1.1`, 'Host: localhost', 'Accept: text/html'));
			expect(response).toMatch(/^HTTP\/1\.1 (?:400|404|303) /);
			expect(getHead(response)).not.toMatch(/location: (?!\/[^/])/i);
			expect(response).not.toContain('root:');
		}
	);
});

describe('a request', () => {
	it('in HTTP/1.0 without Host is served', async () => {
		expect(getBody(await exchange('GET /api/server/ping HTTP/1.0\r\n\r\n'))).toBe('{"res":"pong"}');
	});

	it.each([
		'GET / HTTP/9.9',
		'GET',
		'GET /\u0000 HTTP/1.1',
		'GET / HTTP/1.1\r\nX: \u0000',
		'GET / HTTP/1.1\r\nBad Name: 1'
	])('that is malformed gets 400: %j', async (start) => {
		expect(await exchange(`${start}\r\nHost: localhost\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
	});

	it.each(['h2c', 'tls/1.0', 'WebSocket'])(
		'with Upgrade: %s elsewhere than at the websocket is not left open',
		async (to) => {
			const response = await exchange(
				lines('GET /api/server/ping HTTP/1.1', 'Host: localhost', 'HTTP2-Settings: AAMAAABkAAQAAP__').replace(
					'Connection: close',
					`Connection: Upgrade, HTTP2-Settings\r\nUpgrade: ${to}`
				)
			);
			expect(response).not.toMatch(/^HTTP\/1\.1 (?:101|5)/);
		}
	);

	it('that waits for 100 Continue gets it, then its response', async () => {
		const { email } = await api.accounts.makeUser({ password: cheapHash });
		const body = JSON.stringify({ email, password });
		const response = await exchange(
			lines(
				'POST /api/auth/login HTTP/1.1',
				'Host: localhost',
				'Expect: 100-continue',
				'Content-Type: application/json',
				`Content-Length: ${String(Buffer.byteLength(body))}`
			) + body
		);
		expect(response).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
	});

	it('in chunks is read', async () => {
		const { email } = await api.accounts.makeUser({ password: cheapHash });
		const chunks = [...JSON.stringify({ email, password })].map((letter) => `1\r\n${letter}\r\n`).join('');
		const head = ['POST /api/auth/login HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'];
		const response = await exchange(`${lines(...head, 'Transfer-Encoding: chunked')}${chunks}0\r\n\r\n`);
		expect(response).toMatch(/^HTTP\/1\.1 201 /);
		const cookies = getHead(response)
			.split('\r\n')
			.filter((line) => /^set-cookie:/i.test(line));
		expect(cookies.map((line) => /: (\w+)=/.exec(line)?.[1])).toEqual([
			'immich_access_token',
			'immich_auth_type',
			'immich_is_authenticated'
		]);
	});

	it.each(['/api/server/ping', '/auth/login', '/favicon.svg'])(
		'with HEAD gets the headers of GET: %s',
		async (path) => {
			await api.accounts.makeAdmin();
			const [head, get] = await Promise.all(
				['HEAD', 'GET'].map((method) => exchange(lines(`${method} ${path} HTTP/1.1`, 'Host: localhost')))
			);
			const names = (response = '') =>
				getHead(response)
					.split('\r\n')
					.map((line) => line.split(':')[0]?.toLowerCase())
					.filter((name) => name !== 'transfer-encoding' && name !== 'content-length')
					.toSorted();
			expect(getBody(head ?? '')).toBe('');
			expect(getBody(get ?? '')).not.toBe('');
			expect(names(head)).toEqual(names(get));
		}
	);

	it('sends two of the same credential header to no one’s account', async () => {
		const { token } = await api.accounts.signIn();
		const response = await exchange(
			lines(
				'GET /api/users/me HTTP/1.1',
				'Host: localhost',
				`Authorization: Bearer ${token}`,
				'Authorization: Bearer other'
			)
		);
		expect(response).toMatch(/^HTTP\/1\.1 401 /);
	});
});
