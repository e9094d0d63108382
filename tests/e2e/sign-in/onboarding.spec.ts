import type { Page } from 'playwright/test';
import { firstAdmin } from '../support/accounts.ts';
import { findPlainHttpHost } from '../support/browser.ts';
import { findRow, signInByForm } from '../support/pages.ts';
import { expect, test } from '../support/test.ts';
import { started } from '../support/watch.ts';

const ownPassword = 'a password of my own';
const madePassword = /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/;

/** How the server is reached: browsers trust localhost, but disable some features on plain http elsewhere. */
const places = [
	{ title: 'at localhost', isTrusted: true, javaScriptEnabled: true, email: 'ben@example.test' },
	{ title: 'at localhost without JavaScript', isTrusted: true, javaScriptEnabled: false, email: 'bea@example.test' },
	{ title: 'at a plain http address', isTrusted: false, javaScriptEnabled: true, email: 'bob@example.test' },
	{
		title: 'at a plain http address without JavaScript',
		isTrusted: false,
		javaScriptEnabled: false,
		email: 'bud@example.test'
	}
];

/** Reads the clipboard at an origin where the browser permits it. */
async function readClipboard(page: Page, origin: string): Promise<string> {
	const context = page.context();
	await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
	const reader = await context.newPage();
	await reader.goto(origin);
	await reader.bringToFront();
	const text = await reader.evaluate(() => navigator.clipboard.readText());
	await reader.close();
	return text;
}

/** Clicks the copy button and returns the clipboard's content. */
async function copy(page: Page, label: string, trustedOrigin: string): Promise<string> {
	const button = page.getByRole('button', { name: label });
	await button.click();
	await expect(page.locator('span').filter({ has: button }).getByRole('status')).toHaveText('Copied');
	return readClipboard(page, trustedOrigin);
}

test('the first admin is created and can start immediately', async ({ page }) => {
	await page.goto('/');
	await expect(page).toHaveURL('/auth/register');
	await expect(page.getByText('Create the administrator account')).toBeVisible();
	await page.getByLabel('Name').fill(firstAdmin.name);
	await page.getByLabel('Email').fill(firstAdmin.email);
	await page.getByLabel('Password', { exact: true }).fill(firstAdmin.password);
	await page.getByRole('button', { name: 'Create administrator account' }).click();
	await expect(page).toHaveURL('/admin');
	await expect(page.getByRole('heading', { name: 'First steps' })).toBeVisible();
	await page.goto('/admin/users');
	await expect(findRow(page, firstAdmin.email)).toContainText('Active');

	const again = await page.request.get('/auth/register', { maxRedirects: 0 });
	expect(again.headers()['location']).toBe('/auth/login');
});

for (const { title, isTrusted, javaScriptEnabled, email } of places)
	test(`a new user chooses a password ${title}`, async ({ server, seed, visit }) => {
		const origin = isTrusted ? server.url : `http://${findPlainHttpHost()}:${String(server.port)}`;
		const name = email.replace('@example.test', '');
		const desk = await visit(null, { baseURL: origin, javaScriptEnabled });

		await signInByForm(desk, seed.admin);
		await expect(desk).toHaveURL(`${origin}/admin`);
		await desk.goto('/admin/users');
		await desk.getByRole('link', { name: 'Create user' }).click();
		await desk.getByLabel('Name').fill(name);
		await desk.getByLabel('Email').fill(email);
		await desk.getByRole('button', { name: 'Create user' }).click();
		await expect(desk.getByRole('heading', { name: `Account created for ${name}` })).toBeVisible();
		const temporaryPassword = (await desk.getByRole('code').first().textContent()) ?? '';
		expect(temporaryPassword).toMatch(madePassword);
		expect(desk.url()).toBe(`${origin}/admin/users/new`);
		if (javaScriptEnabled) {
			expect(await desk.evaluate(() => isSecureContext)).toBe(isTrusted);
			await started(desk);
			const message = await copy(desk, 'Copy message', server.url);
			for (const part of [name, origin, email, temporaryPassword, 'your own password']) expect(message).toContain(part);
			expect(await copy(desk, 'Copy password', server.url)).toBe(temporaryPassword);
		}
		await desk.goto('/admin/users');
		await expect(findRow(desk, email)).toContainText('Password change required');

		const sofa = await visit(null, { baseURL: origin, javaScriptEnabled });
		await signInByForm(sofa, { email, password: temporaryPassword });
		await expect(sofa).toHaveURL(`${origin}/auth/change-password`);
		for (const cookie of await sofa.context().cookies()) expect(cookie).toMatchObject({ secure: false });
		for (const path of ['/', '/account/profile', '/account/password']) {
			await sofa.goto(path);
			await expect(sofa, path).toHaveURL(`${origin}/auth/change-password`);
		}
		expect((await sofa.goto('/admin/users'))?.status()).toBe(403);
		const refused = await sofa.request.get('/api/users');
		expect(refused.status()).toBe(403);
		expect(await refused.json()).toEqual({ message: 'Password change required' });
		expect((await sofa.request.get('/api/users/me')).status()).toBe(200);

		await sofa.goto('/auth/change-password');
		await sofa.getByLabel('Current password').fill(temporaryPassword);
		await sofa.getByLabel('New password').fill(temporaryPassword);
		await sofa.getByRole('button', { name: 'Change password' }).click();
		await expect(sofa.getByText('Choose a password that’s different from the current one.')).toBeVisible();
		await sofa.getByLabel('Current password').fill(temporaryPassword);
		await sofa.getByLabel('New password').fill(ownPassword);
		await sofa.getByRole('button', { name: 'Change password' }).click();
		await expect(sofa).toHaveURL(`${origin}/home`);
		await expect(sofa.getByRole('heading', { name })).toBeVisible();
		expect((await sofa.request.get('/api/users')).status()).toBe(200);

		await desk.goto('/admin/users');
		await expect(findRow(desk, email)).toContainText('Active');
		await expect(findRow(desk, email)).not.toContainText('Password change required');
		await expect(findRow(desk, email)).not.toContainText('Never');

		const later = await visit(null, { baseURL: origin, javaScriptEnabled });
		await signInByForm(later, { email, password: temporaryPassword });
		await expect(later.getByRole('alert')).toBeVisible();
		await signInByForm(later, { email, password: ownPassword });
		await expect(later).toHaveURL(`${origin}/home`);
	});
