import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { useImmichAuth } from '#tests/support/immich-auth.ts';
import { listen, sendJson, useListening } from '#tests/support/other-immich.ts';

const command = useImmichAuth();
const open = useListening();
const loginTo = (url: string) => command.run(['login', url, '--api-key', 'x']);

/** Sends as much as is taken, without an end. */
function sendEndlessly(response: ServerResponse): void {
	const part = Buffer.alloc(64 * 1024, 'x');
	const send = () => {
		while (response.write(part));
	};
	response.on('drain', send).on('error', () => undefined);
	send();
}

const isGreeting = (url: string | undefined, response: ServerResponse): boolean => {
	if (url === '/.well-known/immich') sendJson(response, { api: { endpoint: '/api' } });
	else if (url === '/api/server/ping') sendJson(response, { res: 'pong' });
	else return false;
	return true;
};

describe('a server', () => {
	it('whose answer has no end', async () => {
		const url = await open(listen((_, response) => sendEndlessly(response)));
		const { code, error } = await loginTo(url);
		expect([code, error]).toEqual([1, expect.stringContaining('answered with more than 1 MiB')]);
	});

	it.each(['http://[', 'file:///etc/passwd', 'http://\u001b[31m['])('that names %j as its API', async (endpoint) => {
		const url = await open(listen((_, response) => sendJson(response, { api: { endpoint } })));
		const { code, error } = await loginTo(url);
		expect([code, error]).toEqual([1, expect.stringMatching(/^immich-auth: .* as an address, which is none\.\n$/)]);
		expect(error).not.toContain('\u001b');
	});

	it('whose message would change the terminal', async () => {
		const url = await open(
			listen((incoming, response) => {
				if (isGreeting(incoming.url, response)) return;
				const errors = [{ path: ['a'], message: '\u001b]0;title\u0007' }];
				sendJson(response, { message: '\u001b[31mred\u009b31m\nimmich-auth: done', errors }, 403);
			})
		);
		const { code, error } = await loginTo(url);
		expect([code, error]).toEqual([1, expect.stringContaining('HTTP 403')]);
		// eslint-disable-next-line no-control-regex -- these are what must not be printed
		expect(error).not.toMatch(/[\u001b\u0007\u009b]|\nimmich-auth: done/);
	});
});

describe('a credential that cannot be sent', () => {
	const advice = expect.stringMatching(/contains characters that none has\.\n.+/) as string;

	it.each([
		['a line break', { type: 'jwt', jwt: { access_token: 'SECRET\nx', user_id: 'x', email: 'x' } }],
		['another letter', { type: 'api_key', api_key: { key: 'SECRET\u20ac' } }]
	])('because of %s, is not shown', async (_, auth) => {
		const url = await open(listen(({ url: asked }, response) => void isGreeting(asked, response)));
		const session = { server_url: url, auth, created_at: '2026-01-02T03:04:05Z' };
		await command.write('profiles/default/session.json', JSON.stringify(session));
		const { code, error } = await command.run(['whoami']);
		expect([code, error]).toEqual([1, advice]);
		const status = await command.run(['status']);
		for (const shown of [error, status.out, status.error]) expect(shown).not.toContain('SECRET');
	});

	it('from the environment, is not shown', async () => {
		const url = await open(listen(({ url: asked }, response) => void isGreeting(asked, response)));
		const { code, error } = await command.run(['whoami'], { env: { IMMICH_SERVER: url, IMMICH_API_KEY: 'SECRET\nx' } });
		expect([code, error]).toEqual([1, advice]);
		expect(error).not.toContain('SECRET');
	});
});

describe('signing in with a code', () => {
	it('waits while the server cannot answer, and shows nothing that would change the terminal', async () => {
		const answers: ((response: ServerResponse) => void)[] = [
			(response) => sendJson(response, { message: 'Maintenance' }, 503),
			(response) => response.destroy(),
			(response) => sendJson(response, { error: 'access_denied' }, 400)
		];
		const url = await open(
			listen((incoming, response) => {
				const endpoints = { codeEndpoint: '/code', tokenEndpoint: '/token' };
				if (incoming.url === '/.well-known/immich')
					sendJson(response, { api: { endpoint: '/api' }, deviceAuthorization: endpoints });
				else if (incoming.url === '/code')
					sendJson(response, {
						device_code: 'x',
						user_code: 'AB\u001b]0;title\u0007CD',
						verification_uri: 'http://x/',
						expires_in: 600,
						interval: 0.01
					});
				else if (incoming.url === '/token') answers.shift()?.(response);
				else isGreeting(incoming.url, response);
			})
		);
		const terminal = command.terminal(['login', url]);
		expect(await terminal.ended()).toBe(1);
		expect(terminal.shown.match(/Still waiting/g)).toHaveLength(1);
		expect(terminal.shown).toContain('declined in the browser');
		expect(terminal.shown).not.toContain('title\u0007');
		expect(answers).toEqual([]);
	});
});
