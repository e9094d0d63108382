import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { localHeader } from '#lib/server/platform/http/local-request.ts';
import { markDirect } from '../../../bin/direct-request.ts';

interface Sent {
	readonly peer?: string | undefined;
	readonly headers?: IncomingHttpHeaders;
	readonly httpVersion?: string;
}

/** Returns the mark that the server writes into a request, which by default comes from a program on this machine. */
function getMark(sent: Sent): unknown {
	const request = {
		socket: { remoteAddress: 'peer' in sent ? sent.peer : '127.0.0.1' },
		headers: { host: 'localhost:2283', ...sent.headers },
		httpVersion: sent.httpVersion ?? '1.1'
	};
	markDirect(request as unknown as IncomingMessage);
	return request.headers[localHeader as keyof typeof request.headers];
}

describe('a request is local', () => {
	it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('from %s', (peer) => {
		expect(getMark({ peer })).toBe('yes');
	});

	it.each(['localhost', 'LOCALHOST:2283', '127.0.0.1:80', '[::1]:2283'])('to %s', (host) => {
		expect(getMark({ headers: { host } })).toBe('yes');
	});

	it('from a page of this server', () => {
		const page = { origin: 'http://localhost:2283', referer: 'http://localhost:2283/auth/register' };
		expect(getMark({ headers: page })).toBe('yes');
	});
});

describe('a request is not local', () => {
	it.each([
		'192.168.1.2',
		'10.0.0.1',
		'::ffff:192.168.1.2',
		'fe80::1',
		'203.0.113.7',
		'127.0.0.1.example',
		'',
		undefined
	])('from %s', (peer) => {
		expect(getMark({ peer })).toBe('no');
	});

	it.each(['photos.example', 'localhost.example', '192.168.1.2', '127.0.0.1.example', '', undefined])(
		'to %s, a name that could resolve here',
		(host) => {
			expect(getMark({ headers: { host } })).toBe('no');
		}
	);

	it('in HTTP/1.0, which proxies use', () => {
		expect(getMark({ httpVersion: '1.0' })).toBe('no');
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
		expect(getMark({ headers: { [name]: '' } })).toBe('no');
	});

	it.each(['http://evil.example', 'null', 'http://localhost.example'])('from the page %s', (origin) => {
		expect(getMark({ headers: { origin } })).toBe('no');
		expect(getMark({ headers: { referer: `${origin}/` } })).toBe('no');
	});

	it('because a client claims so', () => {
		expect(getMark({ peer: '192.168.1.2', headers: { [localHeader]: 'yes' } })).toBe('no');
	});
});
