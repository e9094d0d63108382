import { devices, type Page } from 'playwright/test';
import { signInByForm } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const page = '/account/devices';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const edge = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125.0.0.0 Safari/537.36 Edg/125.0';
const findRow = (where: Page, name: string) => where.getByRole('listitem').filter({ hasText: name });
const headers = (token: string, userAgent: string) => ({ authorization: `Bearer ${token}`, 'user-agent': userAgent });

test('two browsers, a phone and a program are listed, and each is signed out from another one', async ({
	seed,
	visit,
	server
}) => {
	const user = await seed.makeUser();
	const signIn = async (options: Parameters<typeof visit>[1]) => {
		const visited = await visit(null, options);
		await signInByForm(visited, user);
		await expect(visited).toHaveURL('/home');
		return visited;
	};
	const first = await signIn({ userAgent: firefox });
	const second = await signIn({ userAgent: edge });
	const phone = await signIn(devices['iPhone 14']);
	const login = await fetch(`${server.url}/api/auth/login`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'user-agent': 'curl/8.5.0' },
		body: JSON.stringify({ email: user.email, password: user.password })
	});
	const token = /"accessToken":"([^"]+)"/.exec(await login.text())?.[1] ?? '';
	const curl = (target: string, init: RequestInit = {}) =>
		fetch(server.url + target, { ...init, headers: headers(token, 'curl/8.5.0') });

	await first.goto(page);
	await expect(first.getByRole('list', { name: 'This device' })).toContainText('Firefox on Linux');
	for (const name of ['Edge on Windows', 'Mobile Safari on iOS', 'Unknown device']) {
		await expect(findRow(first, name)).toContainText(/from (127\.0\.0\.1|::1)/);
		await expect(findRow(first, name)).toContainText('New device');
	}
	await findRow(first, 'Unknown device')
		.getByRole('button', { name: /This was me/ })
		.click();
	await expect(findRow(first, 'Unknown device')).not.toContainText('New device');

	// The first browser signs out the second one.
	await findRow(first, 'Edge').getByRole('button', { name: 'Sign out: Edge on Windows' }).click();
	await expect(first.getByText('Device signed out', { exact: true })).toBeVisible();
	await expect(findRow(first, 'Edge')).toHaveCount(0);
	expect((await second.request.get('/api/users/me')).status()).toBe(401);
	await second.goto('/account/profile');
	await expect(second).toHaveURL(/\/auth\/login/);

	// The program signs out the first browser.
	const own = (await (await curl('/api/sessions')).json()) as { id: string; deviceType: string }[];
	const target = own.find(({ deviceType }) => deviceType === 'Firefox')?.id ?? '';
	expect((await curl(`/api/sessions/${target}`, { method: 'DELETE' })).status).toBe(204);
	expect((await first.request.get('/api/users/me')).status()).toBe(401);
	await first.goto(page);
	await expect(first).toHaveURL(/\/auth\/login/);

	// The phone signs out the program and all others.
	await phone.goto(page);
	await phone.getByText('Sign out all other devices…').click();
	await expect(phone.getByText('This signs out 1 other device. You’ll stay signed in here.')).toBeVisible();
	await press(phone, 'Sign out 1 other device');
	await expect(phone.getByText('You’re not signed in on any other device.')).toBeVisible();
	expect((await curl('/api/users/me')).status).toBe(401);
	expect((await phone.request.get('/api/users/me')).status()).toBe(200);
});

test.describe('without JavaScript', () => {
	test('devices are listed and signed out', async ({ seed, visit }) => {
		const user = await seed.makeUser();
		const other = await visit(user);
		const here = await visit(user, { javaScriptEnabled: false });
		await here.goto(page);
		await here.getByRole('button', { name: /^Sign out:/ }).click();
		await expect(here.getByText('You’re not signed in on any other device.')).toBeVisible();
		expect((await other.request.get('/api/users/me')).status()).toBe(401);
	});
});

test.describe('an admin', () => {
	test('ends one session of a user, and then all', async ({ adminPage, seed, visit }) => {
		const user = await seed.makeUser({ name: 'Sam Sessions' });
		const browsers = [await visit(user), await visit(user)];
		const token = await seed.startSession(user);
		await adminPage.goto(`/admin/users/${user.id}`);
		await adminPage
			.getByRole('list', { name: 'Sessions' })
			.getByRole('button', { name: /^Sign out/ })
			.first()
			.click();
		await expect(adminPage.getByText('Device signed out', { exact: true })).toBeVisible();
		await adminPage.getByRole('link', { name: 'Sign out all devices…' }).click();
		await expect(adminPage.getByRole('heading', { level: 1 })).toHaveText('Sessions of Sam Sessions');
		await adminPage.getByText('Sign out all devices…').click();
		await press(adminPage, 'Sign out 2 devices');
		await expect(adminPage.getByText('Not signed in anywhere.')).toBeVisible();
		for (const browser of browsers) expect((await browser.request.get('/api/users/me')).status()).toBe(401);
		expect((await browsers[0]?.request.get('/api/users/me', { headers: headers(token, 'x') }))?.status()).toBe(401);
	});
});
