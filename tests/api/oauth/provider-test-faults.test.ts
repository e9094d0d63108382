import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { openPage } from '#tests/support/forms.ts';
import { HostileProvider, sendJson, type Lies } from '#tests/support/hostile-provider.ts';
import { findForms } from '#tests/support/html-form.ts';
import { clientId, clientSecret, Oidc } from '#tests/support/oidc.ts';
import { makeSigner } from '#tests/support/provider-keys.ts';
import { toCookieHeader } from '#tests/support/set-cookie.ts';

const api = useApi();
const settingsPath = '/admin/settings/oauth';
let provider: HostileProvider;
let secure: HostileProvider;
let token = '';

beforeAll(async () => {
	provider = await HostileProvider.start();
	secure = await HostileProvider.start({ isSecure: true });
});
afterAll(() => Promise.all([provider.close(), secure.close()]));
beforeEach(async () => {
	await api.reset();
	({ token } = await api.accounts.signInAdmin());
	provider.lies = {};
	provider.person = { sub: 'nora', email: 'nora@example.test', email_verified: true };
});

const typed = { enabled: 'on', clientId, clientSecret, allowInsecureRequests: 'on' };

async function press(changes: Readonly<Record<string, string>>, left: readonly string[] = []) {
	const forms = findForms(await openPage(api, settingsPath, token));
	const [form] = forms.filter(({ names }) => names.includes('base'));
	const fields = { ...form?.fields, ...typed, issuerUrl: provider.issuer, ...changes };
	const sent = Object.fromEntries(Object.entries(fields).filter(([name]) => !left.includes(name)));
	return api.submit(`${settingsPath}?/tryProvider`, sent, buildCookie(token));
}

const says = (text: string, words: string) => expect(text.includes(words), words).toBe(true);

describe('“Try it” reports problems before anyone signs in:', () => {
	it.each<[string, Lies['answers'] | undefined, Record<string, string>, string]>([
		['404', { discovery: (response) => sendJson(response, {}, 404) }, {}, '404 Not Found'],
		[
			'an error of the provider',
			{ discovery: (response) => sendJson(response, {}, 503) },
			{},
			'answered with an error (503)'
		],
		[
			'a web page',
			{ discovery: (response) => response.setHeader('content-type', 'text/html').end('<p>') },
			{},
			'not JSON'
		],
		[
			'broken JSON',
			{ discovery: (response) => response.setHeader('content-type', 'application/json').end('{"') },
			{},
			'not JSON'
		],
		[
			'a redirect',
			{ discovery: (response) => response.writeHead(302, { location: '/' }).end() },
			{},
			'redirects to another address'
		],
		['silence', { discovery: () => undefined }, { timeout: '300' }, 'did not answer in time'],
		['a closed connection', { discovery: (response) => response.destroy() }, {}, 'closed the connection'],
		['an unknown host', undefined, { issuerUrl: 'http://no-such-host.invalid' }, 'The host is unknown'],
		['a port that is not for the web', undefined, { issuerUrl: 'http://127.0.0.1:1' }, 'The connection was refused']
	])('%s', async (_, answers, changes, words) => {
		provider.lies = answers ? { answers } : {};
		const reply = await press(changes);
		expect(reply.status).toBe(500);
		says(reply.text, words);
		expect(reply.text.includes(clientSecret)).toBe(false);
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});

	it('a refused connection', async () => {
		const gone = await HostileProvider.start();
		await gone.close();
		says((await press({ issuerUrl: gone.issuer })).text, 'nothing listens at that host and port');
	});

	it('another issuer', async () => {
		provider.lies = { metadata: () => ({ issuer: 'https://accounts.example.test' }) };
		says((await press({})).text, 'The issuer does not match');
	});

	it('http that is not allowed', async () => {
		says((await press({}, ['allowInsecureRequests'])).text, 'The address uses http, which is not allowed');
	});

	it('an untrusted certificate, and https at a port without TLS', async () => {
		says((await press({ issuerUrl: secure.issuer })).text, 'certificate of the provider is not trusted');
		const issuerUrl = provider.issuer.replace('http:', 'https:');
		says((await press({ issuerUrl })).text, 'does not speak https at that port');
	});

	it('none after the provider is fixed, since it reads the document again each time', async () => {
		for (let tried = 0; tried < 3; tried++) {
			provider.lies = { answers: { discovery: (response) => sendJson(response, {}, 404) } };
			expect((await press({})).status).toBe(500);
		}
		provider.lies = {};
		const reply = await press({});
		expect(reply.status).toBe(200);
		says(reply.text, 'Connection successful');
	});
});

describe('“Try it” checks the client with a real provider', () => {
	let oidc: Oidc;
	beforeAll(async () => {
		oidc = await Oidc.start({ redirectUris: [`${api.url}/auth/login`, 'http://localhost/auth/login'] });
	});
	afterAll(() => oidc.close());
	const refuses = 'but the provider rejects these settings';

	it('and reports a wrong client ID, secret, or redirect URI', async () => {
		const wrongId = await press({ issuerUrl: oidc.issuer, clientId: 'wrong' });
		expect(wrongId.status).toBe(200);
		for (const words of [refuses, 'does not know this client ID']) says(wrongId.text, words);
		const wrongSecret = await press({ issuerUrl: oidc.issuer, clientSecret: 'wrong' });
		for (const words of [refuses, 'refuses the client secret']) says(wrongSecret.text, words);
		const basic = { clientSecret: 'wrong', tokenEndpointAuthMethod: 'client_secret_basic' };
		const wrongByHeader = await press({ issuerUrl: oidc.issuer, ...basic });
		for (const words of [refuses, 'refuses the client secret']) says(wrongByHeader.text, words);
	});

	it('and reports no problems', async () => {
		const reply = await press({ issuerUrl: oidc.issuer });
		says(reply.text, 'Connection successful');
		expect(reply.text.includes(refuses)).toBe(false);
	});
});

describe('“Try it” reports problems with the response:', () => {
	const pastSeconds = 3_600;
	const now = () => Math.floor(Date.now() / 1_000);
	const signedBy = async (making: ReturnType<typeof makeSigner>): Promise<Lies> => {
		const signer = await making;
		return { sign: (claims) => signer.sign(claims) };
	};

	it.each<[string, () => Lies | Promise<Lies>, string]>([
		['signed by another algorithm', () => signedBy(makeSigner('ES256')), 'signed with another algorithm'],
		['signed by an unknown key', () => signedBy(makeSigner()), 'a key that the provider does not publish'],
		[
			'too old',
			() => ({ claims: { exp: now() - pastSeconds, iat: now() - 2 * pastSeconds } }),
			'The clock of this server'
		],
		[
			'of the future',
			() => ({ claims: { iat: now() + pastSeconds, exp: now() + 2 * pastSeconds } }),
			'The clock of this server'
		],
		['for another client', () => ({ claims: { aud: 'other' } }), 'Check the client ID'],
		['of another issuer', () => ({ claims: { iss: 'https://evil.example' } }), 'The issuer does not match'],
		[
			'a refused secret',
			() => ({ answers: { token: (response) => sendJson(response, { error: 'invalid_client' }, 401) } }),
			'refuses the client ID or the client secret'
		],
		['denied', () => ({ back: { code: undefined, error: 'access_denied' } }), 'The provider denied access']
	])('%s', async (_, lies, words) => {
		const begun = await press({});
		const [, href = ''] = /href="([^"]+\/authorize\?[^"]+)"/.exec(begun.text) ?? [];
		provider.lies = await lies();
		const { search } = new URL(provider.comeBack(href.replaceAll('&amp;', '&')));
		const cookie = `${toCookieHeader(begun.cookies)}; ${buildCookie(token)}`;
		const headers = { accept: 'text/html', host: new URL(api.url).host };
		const reply = await api.request('GET', `${settingsPath}/test${search}`, { cookie, headers });
		says(reply.text, words);
	});
});
