import { z } from 'zod';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { OAuthAuthorizeResponseDto } from '#lib/contract/oauth/oauth.ts';
import { toCodeChallenge, newFlowSecrets } from '#lib/server/features/oauth/index.ts';
import { clientId, clientSecret, Oidc } from '#tests/support/oidc.ts';
import { startFreshServer } from '#tests/support/server.ts';
import type { Figure } from './targets.ts';

const Login = z.object({ accessToken: z.string() });

const signIns = 200;
const warmUps = 20;
const admin = { email: 'admin@example.test', password: 'correct horse battery', name: 'Ada' };

const p95 = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;
const inMs = (ms: number) => `${ms.toFixed(1)} ms`;

/** Measures both requests of a provider sign-in, without the provider's own response time. */
export async function measureProviderSignIns(): Promise<Figure> {
	const server = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	const redirectUri = `${server.url}/auth/login`;
	const claims = { ann: { email: 'ann@example.test', email_verified: true, name: 'Ann' } };
	const oidc = await Oidc.start({ redirectUris: [redirectUri], claims });
	let providerMs = 0;
	oidc.provider.use(async (_, next) => {
		const startedAt = performance.now();
		await next();
		providerMs += performance.now() - startedAt;
	});
	const send = async (method: string, path: string, body: unknown, token = '') => {
		const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
		const response = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) });
		if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
		return response.json() as Promise<unknown>;
	};
	const timed = async (call: () => Promise<unknown>) => {
		providerMs = 0;
		const startedAt = performance.now();
		const reply = await call();
		return { reply, ownMs: performance.now() - startedAt - providerMs, providerMs };
	};
	const signIn = async () => {
		const { state, codeVerifier } = await newFlowSecrets();
		const asked = { redirectUri, state, codeChallenge: toCodeChallenge(codeVerifier) };
		const begun = await timed(() => send('POST', '/api/oauth/authorize', asked));
		const url = await oidc.approve(OAuthAuthorizeResponseDto.parse(begun.reply).url, 'ann');
		const finished = await timed(() => send('POST', '/api/oauth/callback', { url, state, codeVerifier }));
		return { ownMs: begun.ownMs + finished.ownMs, providerMs: begun.providerMs + finished.providerMs };
	};
	try {
		await send('POST', '/api/auth/admin-sign-up', admin);
		const { accessToken } = Login.parse(await send('POST', '/api/auth/login', admin));
		const settings = { enabled: true, issuerUrl: oidc.issuer, clientId, clientSecret, allowInsecureRequests: true };
		const oauth = { ...systemConfigDefaults.oauth, ...settings };
		await send('PUT', '/api/admin/config', { ...systemConfigDefaults, oauth }, accessToken);
		for (let count = 0; count < warmUps; count++) await signIn();
		const measured: Awaited<ReturnType<typeof signIn>>[] = [];
		for (let count = 0; count < signIns; count++) measured.push(await signIn());
		const [own, provider] = [p95(measured.map(({ ownMs }) => ownMs)), p95(measured.map((one) => one.providerMs))];
		return {
			what: `Our part of a sign-in through a provider, p95 of ${signIns}`,
			measured: inMs(own),
			against: `${inMs(provider)} of the provider itself`,
			ratio: (own / provider).toFixed(1),
			aim: '< 50 ms'
		};
	} finally {
		await oidc.close();
		await server.stop();
	}
}
