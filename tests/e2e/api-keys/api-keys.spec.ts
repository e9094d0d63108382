import type { Page } from 'playwright/test';
import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const listPath = '/account/api-keys';
const findSecret = (page: Page) => page.getByRole('code').first();
const box = (page: Page, permission: string) => page.locator(`input[name="permissions"][value="${permission}"]`);
/** Reads the caller's user with a key. */
const me = async (url: string, apiKey: string) =>
	(await fetch(`${url}/api/users/me`, { headers: { 'x-api-key': apiKey, 'user-agent': 'curl/8.5.0' } })).status;

/** Submits the form and returns the secret that the page then shows. */
async function makeKey(page: Page): Promise<string> {
	await press(page, 'Create API key');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Your key/);
	return (await findSecret(page).textContent()) ?? '';
}

/** Continues to the key's own page and returns its path. */
async function proceed(page: Page): Promise<string> {
	await page.getByRole('link', { name: 'Done' }).click();
	await expect(page.getByRole('link', { name: 'Rotate key' })).toBeVisible();
	return new URL(page.url()).pathname;
}

async function create(page: Page, name: string, preset: string): Promise<string> {
	await page.goto(`${listPath}/new`);
	await page.getByRole('link', { name: preset, exact: true }).click();
	await expect(page.getByRole('status').filter({ hasText: /./ }).first()).toBeVisible();
	await page.getByRole('textbox', { name: 'Name' }).fill(name);
	return makeKey(page);
}

test('an API key is created, shown once, used, trimmed to the used permissions, renewed and deleted', async ({
	visit,
	seed,
	server
}) => {
	const page = await visit(await seed.makeUser());
	await page.goto(listPath);
	await expect(page.getByText('No API keys')).toBeVisible();
	await page.getByRole('link', { name: 'Create API key' }).first().click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create API key');
	await page.getByRole('textbox', { name: 'Name' }).fill('Kitchen');
	await page.getByRole('link', { name: 'Viewer', exact: true }).click();
	await expect(page.getByText('Read-only access to photos and albums')).toBeVisible();
	await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Kitchen');
	await expect(box(page, 'user.read')).toBeChecked();
	await expect(box(page, 'asset.delete')).not.toBeChecked();
	const secret = await makeKey(page);
	expect(secret).toMatch(/^\w{38,43}$/);
	await expect(page.getByText(`immich login '${server.url}/api' '${secret}'`)).toBeVisible();
	expect(await me(server.url, secret)).toBe(200);
	await proceed(page);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kitchen');
	expect(await page.content()).not.toContain(secret);
	await expect(page.getByText(`${secret.slice(0, 4)}…${secret.slice(-4)}`)).toBeVisible();
	await expect(page.getByRole('definition').filter({ hasText: /just now.*by curl 8\.5\.0/s })).toBeVisible();
	await expect(page.getByText('Used 1 of 20 in 30 days.')).toBeVisible();

	await page.getByRole('link', { name: /^Remove unused permissions/ }).click();
	const stays = page.locator('section', { has: page.getByRole('heading', { name: 'Kept' }) });
	const goes = page.locator('section', { has: page.getByRole('heading', { name: 'Removed' }) });
	await expect(stays.getByRole('code')).toHaveText(['user.read']);
	await expect(goes.getByRole('code')).toHaveCount(19);
	await press(page, 'Remove unused permissions');
	await expect(page.getByText('Used 1 of 1 in 30 days.')).toBeVisible();
	expect(await me(server.url, secret)).toBe(200);

	await page.getByRole('link', { name: 'Rotate key' }).click();
	await press(page, 'Rotate key');
	await expect(page.getByText('the old one no longer works')).toBeVisible();
	const renewed = (await findSecret(page).textContent()) ?? '';
	expect([await me(server.url, secret), await me(server.url, renewed)]).toEqual([401, 200]);
	await proceed(page);

	await page.getByRole('link', { name: 'Delete' }).click();
	await expect(page.getByRole('link', { name: 'Cancel' })).toBeFocused();
	await press(page, 'Delete API key');
	await expect(page).toHaveURL(listPath);
	await expect(page.getByText('No API keys')).toBeVisible();
	expect(await me(server.url, renewed)).toBe(401);
});

test('the secret is in no URL, storage or log, and gone after going back', async ({ visit, seed, server }) => {
	const page = await visit(await seed.makeUser());
	const addresses: string[] = [];
	page.context().on('request', (request) => addresses.push(request.url()));
	await page.goto(listPath);
	const secret = await create(page, 'Seen once', 'Kiosk');
	page.once('dialog', (dialog) => {
		expect(dialog.message()).toContain('haven’t copied the key');
		void dialog.dismiss();
	});
	await page.getByRole('link', { name: 'Profile' }).first().click();
	await expect(findSecret(page)).toHaveText(secret);
	const stored = await page.evaluate(() => JSON.stringify([sessionStorage, localStorage, history.state]));
	await page.getByRole('button', { name: 'Copy key' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
	await page.goto('/api/server/ping');
	await page.goBack();
	await expect(page.getByRole('main')).toBeVisible();
	expect(await page.content()).not.toContain(secret);
	expect([...addresses, stored, ...server.lines].filter((text) => text.includes(secret))).toEqual([]);
});

test('permissions are found by words, and hidden ones stay ticked', async ({ visit, seed }) => {
	const page = await visit(await seed.makeUser());
	await page.goto(`${listPath}/new?for=upload`);
	await page.getByLabel('Search permissions').fill('tags off');
	await expect(page.getByText('1 found')).toBeVisible();
	await box(page, 'tag.asset').check();
	await expect(box(page, 'asset.upload')).toBeHidden();
	await page.getByLabel('Search permissions').fill('');
	await expect(box(page, 'asset.upload')).toBeChecked();
	await page.getByRole('textbox', { name: 'Name' }).fill('Searched');
	await makeKey(page);
	await proceed(page);
	await expect(page.getByText('Used 0 of 9 in 30 days.')).toBeVisible();
});

test('a key without permissions, or with a past expiry date, is refused with a field error', async ({
	visit,
	seed
}) => {
	const page = await visit(await seed.makeUser());
	await page.goto(`${listPath}/new`);
	await page.getByRole('textbox', { name: 'Name' }).fill('Nothing');
	await page.getByLabel('Expires').selectOption('Custom date…');
	await page.getByLabel('Last day').fill('2020-01-01');
	await press(page, 'Create API key');
	await expect(page.getByText('Choose at least one.')).toBeVisible();
	await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Nothing');
	await box(page, 'all').check();
	await press(page, 'Create API key');
	await expect(page.getByLabel('Last day')).toHaveAccessibleDescription(/between today and ten years from now/);
	await expect(box(page, 'all')).toBeChecked();
});

test('keys that expire soon or have expired are marked', async ({ visit, seed, server }) => {
	const user = await seed.makeUser();
	const page = await visit(user);
	const token = await seed.startSession(user);
	const make = (name: string, expiresAt: Date) =>
		fetch(`${server.url}/api/api-keys/details`, {
			method: 'POST',
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
			body: JSON.stringify({ name, permissions: ['user.read'], expiresAt: expiresAt.toISOString() })
		});
	await make('Over at once', new Date(Date.now() + 300));
	await make('Over in days', new Date(Date.now() + 3 * 86_400_000));
	await expect(async () => {
		await page.goto(listPath);
		await expect(page.getByText('Expired', { exact: true })).toBeVisible({ timeout: 500 });
	}).toPass();
	await expect(page.getByText('Expires soon')).toHaveCount(1);
	await page.getByRole('link', { name: 'Over at once' }).click();
	await expect(page.getByText('This key has expired')).toBeVisible();
	await page.getByRole('link', { name: 'Edit' }).click();
	await page.getByLabel('Expires').selectOption('Never');
	await press(page, 'Save');
	await expect(page.locator('dt:has-text("Expires") + dd')).toHaveText('Never');
});

test.describe('without JavaScript', () => {
	test('an API key is created, edited, trimmed and deleted', async ({ visit, seed, server }) => {
		const page = await visit(await seed.makeUser(), { javaScriptEnabled: false });
		const secret = await create(page, 'Plain', 'Viewer');
		expect(await me(server.url, secret)).toBe(200);
		await expect(page.getByRole('button', { name: /Copy/ })).toHaveCount(0);
		await proceed(page);
		await page.getByRole('link', { name: 'Edit' }).click();
		await page.getByRole('textbox', { name: 'Name' }).fill('Plainer');
		await box(page, 'asset.view').uncheck();
		await press(page, 'Save');
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Plainer');
		await expect(page.getByText('Used 1 of 19 in 30 days.')).toBeVisible();
		await page.getByRole('link', { name: /^Remove unused permissions/ }).click();
		await press(page, 'Remove unused permissions');
		await expect(page.getByText('Used 1 of 1 in 30 days.')).toBeVisible();
		await page.getByRole('link', { name: 'Delete' }).click();
		await press(page, 'Delete API key');
		await expect(page.getByText('No API keys')).toBeVisible();
		expect(await me(server.url, secret)).toBe(401);
	});

	test('the admin revokes one key, and then all', async ({ visit, seed, server }) => {
		const user = await seed.makeUser();
		const own = await visit(user, { javaScriptEnabled: false });
		const secrets = [await create(own, 'First', 'Kiosk'), await create(own, 'Second', 'Kiosk')];
		const page = await visit(seed.admin, { javaScriptEnabled: false });
		await page.goto(`/admin/users/${user.id}`);
		expect(await page.content()).not.toContain(secrets[0]);
		await page.getByRole('link', { name: 'Revoke ‘First’' }).click();
		await press(page, 'Revoke key');
		await expect(page).toHaveURL(`/admin/users/${user.id}`);
		expect(await Promise.all(secrets.map((secret) => me(server.url, secret)))).toEqual([401, 200]);
		await page.getByRole('link', { name: 'Revoke all API keys…' }).click();
		await page.getByRole('checkbox', { name: /^Yes/ }).check();
		await press(page, 'Revoke all API keys');
		await expect(page).toHaveURL(`/admin/users/${user.id}`);
		expect(await me(server.url, secrets[1] ?? '')).toBe(401);
	});
});

test('the pages pass the page checks', async ({ visit, seed, server }) => {
	test.setTimeout(180_000);
	const user = await seed.makeUser({ name: 'Chiara di Lampedusa-Montalbano von und zu Hohenstein' });
	const page = await visit(user);
	await page.goto(listPath);
	await examine(page);
	await page.setViewportSize({ width: 1280, height: 800 });
	const secret = await create(page, 'x'.repeat(200), 'Viewer');
	await examine(page);
	const key = await proceed(page);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('x'.repeat(200));
	expect(await me(server.url, secret)).toBe(200);
	const admin = await visit(seed.admin);
	for (const [viewer, path] of [
		[page, listPath],
		[page, key],
		[page, `${key}/edit`],
		[page, `${key}/trim`],
		[page, `${key}/rotate`],
		[page, `${key}/delete`],
		[admin, `/admin/users/${user.id}`],
		[admin, `/admin/users/${user.id}/api-keys`],
		[admin, `/admin/users/${user.id}/api-keys/${key.split('/').at(-1) ?? ''}`]
	] as const) {
		await viewer.goto(path);
		await examine(viewer);
	}
});

test('submitting an unchanged key form changes nothing', async ({ visit, seed }) => {
	const page = await visit(await seed.makeUser());
	await page.goto(listPath);
	await create(page, 'Unchanged', 'Backup');
	const key = await proceed(page);
	const read = async () => (await page.request.get(`/api/api-keys/${key.split('/').at(-1) ?? ''}/details`)).text();
	const before = await read();
	await page.goto(`${key}/edit`);
	await press(page, 'Save');
	await expect(page).toHaveURL(key);
	expect(await read()).toBe(before);
});
