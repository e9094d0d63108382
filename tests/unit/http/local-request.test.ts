import { describe, expect, it } from 'vitest';
import { isLocalRequest } from '#lib/server/platform/http/local-request.ts';

interface Sent {
	readonly peer?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly httpVersion?: string;
}

/** Whether a request counts as local, which by default comes from a program on this machine. */
const isLocal = ({ peer = '127.0.0.1', headers = {}, httpVersion = '1.1' }: Sent): boolean =>
	isLocalRequest({ peer, httpVersion }, new Headers({ host: 'localhost:2283', ...headers }));

describe('a request is local', () => {
	it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('from %s', (peer) => {
		expect(isLocal({ peer })).toBe(true);
	});

	it.each(['localhost', 'LOCALHOST:2283', '127.0.0.1:80', '[::1]:2283'])('to %s', (host) => {
		expect(isLocal({ headers: { host } })).toBe(true);
	});

	it('from a page of this server', () => {
		const page = { origin: 'http://localhost:2283', referer: 'http://localhost:2283/auth/register' };
		expect(isLocal({ headers: page })).toBe(true);
	});
});

describe('a request is not local', () => {
	it('without a host', () => {
		expect(isLocalRequest({ peer: '127.0.0.1', httpVersion: '1.1' }, new Headers())).toBe(false);
	});

	it.each(['192.168.1.2', '10.0.0.1', '::ffff:192.168.1.2', 'fe80::1', '203.0.113.7', '127.0.0.1.example', ''])(
		'from %s',
		(peer) => {
			expect(isLocal({ peer })).toBe(false);
		}
	);

	it.each(['photos.example', 'localhost.example', '192.168.1.2', '127.0.0.1.example', ''])(
		'to %s, a name that could resolve here',
		(host) => {
			expect(isLocal({ headers: { host } })).toBe(false);
		}
	);

	it('in HTTP/1.0, which proxies use', () => {
		expect(isLocal({ httpVersion: '1.0' })).toBe(false);
	});

	it.each([
		'x-forwarded-for',
		'x-forwarded-proto',
		'forwarded',
		'via',
		'x-real-ip',
		'cf-connecting-ip',
		'true-client-ip'
	])('with the proxy header %s', (name) => {
		expect(isLocal({ headers: { [name]: '' } })).toBe(false);
	});

	it.each(['http://evil.example', 'null', 'http://localhost.example'])('from the page %s', (origin) => {
		expect(isLocal({ headers: { origin } })).toBe(false);
		expect(isLocal({ headers: { referer: `${origin}/` } })).toBe(false);
	});
});
