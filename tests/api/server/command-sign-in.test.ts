import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminCommand, byCommand, immediately } from '#tests/support/admin-command.ts';
import { useApi } from '#tests/support/api.ts';
import { redirectUri } from '#tests/support/oauth.ts';
import { returnKey } from '#tests/support/terminal.ts';
import { TwoProviders } from '#tests/support/two-providers.ts';

const api = useApi({ isOwn: true });
const command = new AdminCommand(api);

const getFeatures = async () => (await api.request('GET', '/api/server/features')).body as Record<string, boolean>;
/** The providers through which a sign-in can begin. */
const getIds = async () => {
	const ids = ['immich', 'club'];
	const replies = await Promise.all(
		ids.map((providerId) => api.request('POST', '/api/oauth/authorize', { body: { redirectUri, providerId } }))
	);
	return ids.filter((_, index) => replies[index]?.status === 201);
};

beforeEach(async () => {
	command.env = {};
	await api.reset();
});

describe('sign-in with passwords', { timeout: 180_000 }, () => {
	it('is disabled and enabled, unless no admin could sign in', async () => {
		const admin = await api.accounts.makeAdmin({ email: 'ada@example.test' });
		expect(await command.run('disable-password-login')).toEqual({
			code: 1,
			out: '',
			error:
				'Without password sign-in no administrator could sign in: ada@example.test. Link one of them to a provider first.\nUnable to disable password login\n'
		});
		await command.run('enable-oauth-login');
		await api.prisma.user.update({ where: { id: admin.id }, data: { oauthId: 'subject' } });
		const off = await command.run('disable-password-login', '--yes');
		expect(off).toMatchObject({ code: 0, out: 'Password login has been disabled.\n' });
		await expect.poll(async () => (await getFeatures())['passwordLogin'], immediately).toBe(false);
		expect(await command.run('enable-password-login')).toEqual({
			code: 0,
			out: 'Password login has been enabled.\n',
			error: ''
		});
		await expect.poll(async () => (await getFeatures())['passwordLogin'], immediately).toBe(true);
		expect((await command.listEvents(1))[0]).toEqual({
			...byCommand,
			action: 'settings.update',
			subjectEmail: null,
			changes: { 'settings.passwordLogin.enabled': { from: false, to: true } }
		});
	});

	it('is enabled even if no provider works, for whoever is locked out', async () => {
		const admin = await api.accounts.makeAdmin({ oauthId: 'subject' });
		await command.run('enable-oauth-login');
		await command.run('disable-password-login', '--yes');
		expect((await command.run('enable-password-login')).code).toBe(0);
		expect(admin.isAdmin).toBe(true);
	});
});

describe('sign-in through providers', { timeout: 180_000 }, () => {
	let providers: TwoProviders;

	beforeEach(async () => {
		providers = await TwoProviders.start(api);
		const { token } = await api.accounts.signInAdmin({ email: 'ada@example.test', oauthId: 'ada' });
		await providers.configure(token);
		await expect.poll(getIds, immediately).toEqual(['immich', 'club']);
	});
	afterEach(() => providers.close());

	it('is disabled and enabled for all of them, in one step', async () => {
		expect(await command.run('disable-oauth-login')).toEqual({
			code: 0,
			out: 'OAuth login has been disabled.\nProviders: immich, club\n',
			error: ''
		});
		await expect.poll(getIds, immediately).toEqual([]);
		expect(await command.run('disable-oauth-login')).toMatchObject({
			code: 0,
			out: 'OAuth login has been disabled.\n'
		});
		expect(await command.run('enable-oauth-login')).toEqual({
			code: 0,
			out: 'OAuth login has been enabled.\nProviders: immich, club\n',
			error: ''
		});
		await expect.poll(getIds, immediately).toEqual(['immich', 'club']);
		const onOff = (from: boolean) => ({
			...byCommand,
			action: 'settings.update',
			subjectEmail: null,
			changes: {
				'settings.oauth.enabled': { from, to: !from },
				'settings.security.oauth.providers.club.enabled': { from, to: !from }
			}
		});
		expect(await command.listEvents(2)).toEqual([onOff(false), onOff(true)]);
	});

	it('is switched for one of them by its name', async () => {
		expect(await command.run('disable-oauth-login', '--provider', 'immich')).toMatchObject({
			code: 0,
			out: 'OAuth login has been disabled.\n'
		});
		await expect.poll(getIds, immediately).toEqual(['club']);
		await command.run('disable-oauth-login', '--provider', 'club');
		await expect.poll(getIds, immediately).toEqual([]);
		expect((await command.run('enable-oauth-login', '--provider', 'club')).out).toBe(
			'OAuth login has been enabled.\nProviders: club\n'
		);
		await expect.poll(getIds, immediately).toEqual(['club']);
		expect(await command.run('enable-oauth-login', '--provider', 'other')).toEqual({
			code: 1,
			out: '',
			error: 'There is no provider other. There is: immich, club.\nUnable to enable OAuth login\n'
		});
	});

	it('is not enabled for a provider without an address', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { body } = await api.request('GET', '/api/admin/auth-config', { token });
		const config = body as { oauth: { providers: Record<string, object> } };
		config.oauth.providers['club'] = { ...config.oauth.providers['club'], enabled: false, clientId: '' };
		expect((await api.request('PUT', '/api/admin/auth-config', { token, body: config })).status).toBe(200);
		expect((await command.run('enable-oauth-login', '--provider', 'club')).error).toMatch(
			/^The provider club has no issuer URL or no client ID\. [^\n]*\nUnable to enable OAuth login\n$/
		);
		expect((await command.run('enable-oauth-login')).out).toBe('OAuth login has been enabled.\n');
		expect(await getIds()).toEqual(['immich']);
	});

	it('stays on as a whole if no admin could sign in otherwise', async () => {
		await api.prisma.user.updateMany({ data: { password: '' } });
		const refused = await command.run('disable-oauth-login');
		expect(refused).toMatchObject({ code: 1, out: '' });
		expect(refused.error).toMatch(/^Administrators without a password could no longer sign in: ada@example\.test/);
		expect(await getIds()).toEqual(['immich', 'club']);
		expect((await command.run('disable-oauth-login', '--provider', 'club')).code).toBe(0);
	});

	it('is refused where a variable decides, even if the settings already say the same', async () => {
		const refusal = /^oauth\.enabled cannot be changed while the environment variable IMMICH_OAUTH_ENABLED is set/;
		command.env = { IMMICH_OAUTH_ENABLED: 'false' };
		for (const given of [['enable-oauth-login'], ['enable-oauth-login', '--provider', 'immich']]) {
			const { code, error } = await command.run(...given);
			expect(code).toBe(1);
			expect(error).toMatch(refusal);
		}
		expect((await command.run('disable-oauth-login')).out).toContain('Providers: club\n');
		expect(await getIds()).toEqual(['immich']);
	});

	it('is worth nothing if no provider answers, so passwords stay on unless confirmed', async () => {
		expect((await command.run('disable-password-login')).out).toBe('Password login has been disabled.\n');
		await command.run('enable-password-login');
		await providers.close();
		const says = /^No admin could sign in now, because their providers do not work:\n- immich: .+\n- club: .+\n/;
		const refused = await command.run('disable-password-login');
		expect(refused).toMatchObject({ code: 2, out: '' });
		expect(refused.error).toMatch(says);
		expect(refused.error).toMatch(/Confirm with --yes\.\n$/);
		expect((await getFeatures())['passwordLogin']).toBe(true);
		const terminal = command.open('disable-password-login');
		await terminal.next('Disable sign-in with passwords anyway?');
		// No is preselected.
		terminal.press(returnKey);
		expect(await terminal.ended()).toBe(1);
		expect((await getFeatures())['passwordLogin']).toBe(true);
		const forced = await command.run('disable-password-login', '--yes');
		expect(forced).toMatchObject({ code: 0, out: 'Password login has been disabled.\n' });
		expect(forced.error).toMatch(says);
		// The other tests need providers to close.
		providers = await TwoProviders.start(api);
	});
});

it('a server without a provider gets the first one, with a hint', { timeout: 60_000 }, async () => {
	expect(await command.run('enable-oauth-login')).toEqual({
		code: 0,
		out: 'OAuth login has been enabled.\n',
		error: 'No provider has an issuer URL and a client ID yet: enter them in the settings.\n'
	});
	await expect.poll(async () => (await getFeatures())['oauth'], immediately).toBe(true);
	expect((await command.run('disable-oauth-login')).out).toBe('OAuth login has been disabled.\n');
	await expect.poll(async () => (await getFeatures())['oauth'], immediately).toBe(false);
});
