import { devices, type Page } from 'playwright/test';
import { z } from 'zod';
import type { TestUser } from '../support/accounts.ts';
import { signInByForm } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const edge = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125.0.0.0 Safari/537.36 Edg/125.0';
const curlAtHome = 'curl at home';
const profileOnly = 'Only the profile';

const Sessions = z.array(z.object({ id: z.string(), deviceType: z.string() }));

const findRow = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text });
const box = (page: Page, permission: string) => page.locator(`input[name="permissions"][value="${permission}"]`);
const codesIn = (page: Page, title: string) =>
	page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) }).getByRole('code');

/** Creates a key on its page and returns its secret. */
async function makeKey(page: Page, name: string, permissions: readonly string[]): Promise<string> {
	await page.goto('/account/api-keys/new');
	await page.getByRole('textbox', { name: 'Name' }).fill(name);
	for (const permission of permissions) {
		await page.getByLabel('Search permissions').fill(permission);
		await box(page, permission).check();
	}
	await press(page, 'Create API key');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Your key ‘${name}’`);
	const secret = await page.getByRole('code').first().textContent();
	await page.getByRole('link', { name: 'Done' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
	return secret ?? '';
}

/** Checks that a browser is refused from its very next request, and that the page says so. */
async function expectEnded(page: Page): Promise<void> {
	expect((await page.request.get('/api/users/me')).status()).toBe(401);
	await expect(page.getByRole('dialog', { name: 'You’ve been signed out' })).toBeVisible();
	await page.goto('/account/pin');
	await expect(page).toHaveURL('/auth/login?continue=%2Faccount%2Fpin');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in again');
	await expect(page.getByText('You’ve been signed out')).toBeVisible();
}

test('two browsers, a phone and curl with a key are listed, revoked from one another, and audited', async ({
	adminPage,
	seed,
	visit,
	server
}) => {
	const user: TestUser = await seed.makeUser({ name: 'Wanda Walk' });
	const signIn = async (options: Parameters<typeof visit>[1]) => {
		const page = await visit(null, options);
		await signInByForm(page, user);
		await expect(page).toHaveURL('/home');
		return page;
	};
	const curl = (key: string) => (method: string, path: string) =>
		fetch(`${server.url}/api${path}`, {
			method,
			headers: { 'x-api-key': key, 'user-agent': 'curl/8.5.0', 'content-type': 'application/json' },
			...(method !== 'GET' && method !== 'DELETE' && { body: '{}' })
		});
	const first = await signIn({ userAgent: firefox });
	const second = await signIn({ userAgent: edge });
	const phone = await signIn(devices['iPhone 14']);
	const granted = ['user.read', 'session.read', 'session.delete', 'asset.view', 'album.read'];
	const home = curl(await makeKey(first, curlAtHome, granted));
	const profileKey = await makeKey(first, profileOnly, ['user.read']);
	const profile = curl(profileKey);

	await test.step('a key with `user.read` alone only reads the profile', async () => {
		expect((await profile('GET', '/users/me')).status).toBe(200);
		for (const [method, path] of [
			['PUT', '/users/me'],
			['GET', '/users/me/preferences'],
			['GET', '/sessions'],
			['DELETE', '/sessions'],
			['GET', '/api-keys'],
			['POST', '/api-keys'],
			['GET', '/server/about'],
			['GET', '/admin/users'],
			['GET', '/admin/audit-events'],
			['POST', '/auth/pin-code']
		] as const)
			expect((await profile(method, path)).status, `${method} ${path}`).toBe(403);
		// Nor does it open a page.
		const headers = { 'x-api-key': profileKey, accept: 'text/html' };
		const page = await fetch(`${server.url}/account/profile`, { redirect: 'manual', headers });
		expect(page.status).toBe(403);
		expect(await page.text()).not.toContain('Wanda Walk');
	});

	await test.step('all are listed', async () => {
		expect((await home('GET', '/users/me')).status).toBe(200);
		await phone.goto('/account/devices');
		await expect(phone.getByRole('list', { name: 'This device' })).toContainText('Mobile Safari on iOS');
		for (const name of ['Firefox on Linux', 'Edge on Windows']) await expect(findRow(phone, name)).toHaveCount(1);
		await phone.goto('/account/api-keys');
		for (const name of [curlAtHome, profileOnly])
			await expect(findRow(phone, name)).toContainText(/Used .* from \S+ by curl 8\.5\.0/);
	});

	await test.step('the first browser ends the second', async () => {
		await first.goto('/account/devices');
		await first.getByRole('button', { name: 'Sign out: Edge on Windows' }).click();
		await expect(findRow(first, 'Edge')).toHaveCount(0);
		await expectEnded(second);
	});

	await test.step('curl ends the first browser', async () => {
		const sessions = Sessions.parse(await (await home('GET', '/sessions')).json());
		const target = sessions.find(({ deviceType }) => deviceType === 'Firefox')?.id ?? '';
		expect((await home('DELETE', `/sessions/${target}`)).status).toBe(204);
		await expectEnded(first);
	});

	await test.step('the phone trims the key to exactly what it used, and then revokes it', async () => {
		await phone.getByRole('link', { name: curlAtHome }).click();
		await expect(phone.getByText('Used 3 of 5 in 30 days.')).toBeVisible();
		await phone.getByRole('link', { name: /^Remove unused permissions/ }).click();
		await expect(codesIn(phone, 'Kept')).toHaveText(['session.read', 'session.delete', 'user.read']);
		await expect(codesIn(phone, 'Removed')).toHaveText(['asset.view', 'album.read']);
		await press(phone, 'Remove unused permissions');
		await expect(phone.getByText('Used 3 of 3 in 30 days.')).toBeVisible();
		expect((await home('GET', '/users/me')).status).toBe(200);
		await phone.getByRole('link', { name: 'Delete' }).click();
		await press(phone, 'Delete API key');
		await expect(findRow(phone, profileOnly)).toBeVisible();
		expect((await home('GET', '/users/me')).status).toBe(401);
	});

	await test.step('an admin ends the phone’s session and revokes the other key', async () => {
		await adminPage.goto(`/admin/users/${user.id}`);
		await adminPage.getByRole('button', { name: 'Sign out: Mobile Safari on iOS' }).click();
		await expect(adminPage.getByText('Not signed in anywhere.')).toBeVisible();
		expect((await phone.request.get('/api/users/me')).status()).toBe(401);
		await phone.reload();
		await expect(phone.getByText('You’ve been signed out')).toBeVisible();
		await adminPage.getByRole('link', { name: `Revoke ‘${profileOnly}’` }).click();
		await press(adminPage, 'Revoke key');
		await expect(adminPage).toHaveURL(`/admin/users/${user.id}`);
		expect((await profile('GET', '/users/me')).status).toBe(401);
	});

	await test.step('the audit log shows the whole story in order', async () => {
		await adminPage.goto(`/admin/audit?user=${user.id}`);
		const rows = adminPage.getByRole('row').filter({ has: adminPage.getByRole('cell') });
		const newestFirst = [
			/Ada Admin revoked Wanda Walk’s API key ‘Only the profile’/,
			/Ada Admin signed out one of Wanda Walk’s devices/,
			/Wanda Walk revoked the API key ‘curl at home’.*Mobile Safari on iOS/s,
			/Wanda Walk changed the API key ‘curl at home’.*removed asset\.view, album\.read.*Mobile Safari on iOS/s,
			/Wanda Walk signed out one of their devices.*curl 8\.5\.0.*with an API key/s,
			/Wanda Walk signed out one of their devices.*Firefox on Linux/s,
			/Wanda Walk created the API key ‘Only the profile’.*user\.read.*Firefox on Linux/s,
			/Wanda Walk created the API key ‘curl at home’.*Firefox on Linux/s,
			/Wanda Walk signed in.*Mobile Safari on iOS/s,
			/Wanda Walk signed in.*Edge on Windows/s,
			/Wanda Walk signed in.*Firefox on Linux/s,
			/Ada Admin created an account for Wanda Walk/
		];
		await expect(rows).toHaveText(newestFirst);
	});
});

test('ending one of many sessions keeps the position and the keyboard focus', async ({ seed, visit }) => {
	const user = await seed.makeUser();
	for (let number = 0; number < 12; number += 1) await seed.startSession(user);
	const page = await visit(user);
	await page.goto('/account/devices');
	const ends = page.getByRole('button', { name: /^Sign out:/ });
	await expect(ends).toHaveCount(12);
	await ends.nth(8).focus();
	const scrolled = await page.evaluate(() => scrollY);
	expect(scrolled).toBeGreaterThan(0);
	await page.keyboard.press('Enter');
	await expect(ends).toHaveCount(11);
	await expect(ends.nth(8)).toBeFocused();
	expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
	await ends.last().focus();
	await page.keyboard.press('Enter');
	await expect(ends).toHaveCount(10);
	await expect(ends.last()).toBeFocused();
});
