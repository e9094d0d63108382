import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { HostileProvider } from '#tests/support/hostile-provider.ts';
import { signInAtLiar } from '#tests/support/hostile-sign-in.ts';
import { configureOAuth } from '#tests/support/oauth.ts';
import { toCookieHeader } from '#tests/support/set-cookie.ts';

const api = useApi();
let provider: HostileProvider;

beforeAll(async () => {
	provider = await HostileProvider.start();
	provider.person = { sub: 'ann', email: 'ann@example.test', email_verified: true };
});
afterAll(() => provider.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, provider);
	await api.accounts.makeAdmin();
});

const open = (path: string, cookie: string) =>
	api.request('GET', path, { cookie, headers: { accept: 'text/html', host: new URL(api.url).host } });

async function makeLinked() {
	const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
	const { id: userId } = user;
	await api.prisma.oAuthIdentity.create({
		data: { userId, providerId: 'immich', issuer: provider.issuer, subject: 'ann' }
	});
	return { user, token };
}

it('a temporary password restricts a session started with it, but not one from a provider', async () => {
	const { token } = await makeLinked();
	const { accessToken, shouldChangePassword } = LoginResponseDto.parse((await signInAtLiar(api, provider, {})).body);
	expect(shouldChangePassword).toBe(false);
	for (const [own, status] of [
		[accessToken, 200],
		[token, 403]
	] as const)
		expect((await api.request('GET', '/api/users', { token: own })).status).toBe(status);
	expect((await open('/account/devices', buildCookie(accessToken))).status).toBe(200);
	expect((await open('/account/devices', buildCookie(token))).headers.location).toMatch(/^\/auth\/change-password/);
});

it('signing in with a provider ends the browser’s previous session and no other', async () => {
	const { user } = await makeLinked();
	const [previous, other] = [await api.accounts.makeSession(user.id), await api.accounts.makeSession(user.id)];
	const begun = await open('/auth/login?provider=immich', '');
	const back = new URL(provider.comeBack(begun.headers.location ?? ''));
	const cookie = `${toCookieHeader(begun.cookies)}; ${buildCookie(previous)}`;
	const reply = await open(back.pathname + back.search, cookie);
	expect(reply.status).toBe(303);
	const isAlive = async (token: string) => (await api.request('POST', '/api/auth/validateToken', { token })).status;
	expect([await isAlive(previous), await isAlive(other)]).toEqual([401, 200]);
});
