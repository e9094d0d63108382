import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { HostileProvider, sendJson, type Lies } from '#tests/support/hostile-provider.ts';
import { expectRefused, signInAtLiar } from '#tests/support/hostile-sign-in.ts';
import { configureOAuth, redirectUri } from '#tests/support/oauth.ts';

const api = useApi();
const timeout = 1_000;
const mebibyte = 1024 * 1024;
const json = { 'content-type': 'application/json' };

const answers: readonly (readonly [string, (response: ServerResponse) => void, RegExp])[] = [
	['hangs up', (response) => response.destroy(), /fetch failed: (other side closed|socket hang up|read ECONNRESET)/],
	['never answers', () => undefined, /timed out|timeout/],
	['stops in the middle', (response) => response.writeHead(200, json).write('{"a'), /timed out|timeout/],
	['answers 500', (response) => sendJson(response, {}, 500), /status code/],
	[
		'answers 404 with a page',
		(response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<p>'),
		/status|type/
	],
	['answers with a page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'), /type/],
	['answers with half of an object', (response) => response.writeHead(200, json).end('{"access_token":"a'), /pars/],
	['answers with a list', (response) => sendJson(response, []), /invalid|top level|object/],
	['answers with nothing', (response) => response.writeHead(200, json).end(), /pars/],
	['answers with an empty object', (response) => sendJson(response, {}), /invalid|missing|property/],
	['answers without end', (response) => response.writeHead(200, json).end(' '.repeat(2 * mebibyte)), /too large/],
	['leads elsewhere', (response) => response.writeHead(302, { location: '/other' }).end(), /led elsewhere/]
];

describe('POST /oauth/authorize returns 500 when the provider', () => {
	let provider: HostileProvider;
	// A new provider each time, because discovery documents are cached for minutes.
	beforeEach(async () => {
		await api.reset();
		provider = await HostileProvider.start();
		return () => provider.close();
	});

	const authorize = () => api.request('POST', '/api/oauth/authorize', { body: { redirectUri } });
	const refuse = (reason: RegExp) =>
		expectRefused(api, provider, authorize, { says: /^Error in OAuth discovery: .+/, reason });

	it.each(answers)('%s', async (_, discovery, reason) => {
		await configureOAuth(api, provider, { timeout });
		provider.lies = { answers: { discovery } };
		await refuse(reason);
	});

	it.each([
		['speaks for another', { issuer: 'https://accounts.example.test' }, /issuer/],
		['has no issuer', { issuer: undefined }, /issuer/],
		['begins with a script', { authorization_endpoint: 'javascript:alert(1)' }, /not https/],
		['begins with a file', { authorization_endpoint: 'file:///etc/passwd' }, /not https/],
		['begins nowhere', { authorization_endpoint: 'nowhere' }, /URL/],
		['begins at a number', { authorization_endpoint: 5 }, /URL/],
		['does not say where to begin', { authorization_endpoint: undefined }, /where it begins/],
		['ends with a script', { end_session_endpoint: 'javascript:alert(1)' }, /not https/]
	] satisfies [string, object, RegExp][])('%s', async (_, metadata, reason) => {
		await configureOAuth(api, provider);
		provider.lies = { metadata: () => metadata };
		await refuse(reason);
	});

	it('fails, with Immich’s error message', async () => {
		await configureOAuth(api, provider, { allowInsecureRequests: false });
		const says = /^Error in OAuth discovery: ClientError: only requests to HTTPS are allowed$/;
		await expectRefused(api, provider, authorize, { says, reason: /HTTPS/ });
	});

	it('is unreachable', async () => {
		await provider.close();
		await configureOAuth(api, provider);
		await refuse(/fetch failed: .*ECONNREFUSED/);
		provider = await HostileProvider.start();
	});

	it('uses http when only https is allowed', async () => {
		await configureOAuth(api, provider, { allowInsecureRequests: false });
		await refuse(/HTTPS|https/);
	});

	it('speaks http at an https address', async () => {
		await configureOAuth(api, { issuer: provider.issuer.replace('http:', 'https:') });
		await refuse(/fetch failed: .*SSL/);
	});

	it('has an untrusted certificate, whether or not plain http is allowed', async () => {
		await provider.close();
		provider = await HostileProvider.start({ isSecure: true });
		for (const allowInsecureRequests of [true, false]) {
			await configureOAuth(api, provider, { allowInsecureRequests });
			await refuse(/fetch failed: .*self.signed/);
		}
	});
});

describe.each(['token', 'keys', 'profile'] as const)(
	'POST /oauth/callback returns 500 when the %s endpoint',
	(endpoint) => {
		let provider: HostileProvider;
		beforeAll(async () => {
			provider = await HostileProvider.start();
			provider.person = { sub: 'ann', name: 'Ann' };
		});
		afterAll(() => provider.close());
		beforeEach(async () => {
			await api.reset();
			await configureOAuth(api, provider, { timeout });
			await api.accounts.makeAdmin();
		});

		it.each(answers)('%s', async (_, answer, reason) => {
			const lies: Lies = { answers: { [endpoint]: answer } };
			await expectRefused(api, provider, () => signInAtLiar(api, provider, lies), { reason });
		});
	}
);
