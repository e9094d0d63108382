import { getTestUsers } from '../support/test-users.ts';
import { findSearch } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test('search finds operations by word and is kept in the URL', async ({ adminPage: page, seed, visit }) => {
	await page.goto('/api-reference');
	const all = await page.locator('[data-row]').count();
	expect(all).toBeGreaterThan(20);
	await findSearch(page).fill('deleteUserAdmin');
	await expect(page.locator('[data-row]')).toHaveCount(1);
	await expect(page.getByRole('status').filter({ hasText: '1 operation' })).toBeVisible();
	await expect(page).toHaveURL('/api-reference?q=deleteUserAdmin');
	const elsewhere = await visit(seed.admin);
	await elsewhere.goto(page.url());
	await expect(elsewhere.locator('[data-row]')).toHaveCount(1);
	await findSearch(page).fill('zzyzx');
	await page.getByRole('link', { name: 'Clear search' }).click();
	await expect(page.locator('[data-row]')).toHaveCount(all);
	await expect(findSearch(page)).toHaveValue('');
});

test('each operation has its own URL with the full description', async ({ adminPage: page, server }) => {
	await page.goto('/api-reference?q=createUserAdmin');
	await page.locator('[data-row-link]').click();
	await expect(page).toHaveURL('/api-reference/createUserAdmin');
	const main = page.getByRole('main');
	await expect(main.getByText('Administrators, in a session or with an API key')).toContainText('adminUser.create');
	await expect(main.getByText('storageLabel', { exact: true }).first()).toBeVisible();
	await expect(main.getByText('at least 0', { exact: true }).first()).toBeVisible();
	await expect(main.getByRole('term').filter({ hasText: '403' })).toBeVisible();
	await expect(main.locator('pre').first()).toContainText(`curl -X POST '${server.url}/api/admin/users'`);
	await expect(main.locator('pre').first()).toContainText("-H 'x-api-key: YOUR_API_KEY'");
});

test('a request is sent with the user’s own session, and the response is shown', async ({ adminPage: page, seed }) => {
	const { ordinary } = await getTestUsers(seed);
	await page.goto('/api-reference/getUserAdmin');
	await page.getByLabel('id').fill(ordinary.id);
	await expect(page.locator('pre').first()).toContainText(`/api/admin/users/${ordinary.id}'`);
	await press(page, 'Send request');
	const answer = page.getByRole('region', { name: 'Response body' });
	await expect(answer).toContainText(`"email": "${ordinary.email}"`);
	await expect(page.getByRole('status').filter({ hasText: 'Answer: 200' })).toBeAttached();
	await expect(page.getByText(/after \d+ ms/)).toBeVisible();
	await expect(page.getByRole('term').filter({ hasText: 'x-correlation-id' })).toBeVisible();
	await page.getByLabel('id').fill('nonsense');
	await press(page, 'Send request');
	await expect(answer).toContainText('Invalid UUID');
});

test('a request that changes something requires confirmation', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser({ name: 'Tess Tried' });
	const asked: string[] = [];
	page.on('request', (request) => {
		if (request.method() !== 'GET') asked.push(request.method());
	});
	await page.goto('/api-reference/updateUserAdmin');
	await page.getByLabel('id').fill(user.id);
	await page.getByLabel('Body').fill('{ "name": ');
	await press(page, 'Send request');
	await expect(page.getByRole('alert').filter({ hasText: 'The body is no JSON' })).toBeVisible();
	await page.getByLabel('Body').fill('{ "name": "Tess Changed" }');
	await press(page, 'Send request');
	await expect(page.getByRole('button', { name: 'Cancel' })).toBeFocused();
	await press(page, 'Cancel');
	expect(asked).toEqual([]);
	await press(page, 'Send request');
	await press(page, 'Send anyway');
	await expect(page.getByRole('region', { name: 'Response body' })).toContainText('Tess Changed');
	expect(asked).toEqual(['PUT']);
});

test('other users can read about admin operations but cannot try them', async ({ visit, seed }) => {
	const { ordinary } = await getTestUsers(seed);
	const page = await visit(ordinary);
	await page.goto('/api-reference/deleteUserAdmin');
	await expect(page.getByText('For administrators only')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Send request' })).toHaveCount(0);
	await page.goto('/api-reference/getMyUser');
	await press(page, 'Send request');
	await expect(page.getByRole('region', { name: 'Response body' })).toContainText(ordinary.email);
});

test('an unknown operation returns 404', async ({ adminPage: page }) => {
	expect((await page.goto('/api-reference/nonsense'))?.status()).toBe(404);
});

test('the pages work without JavaScript and stay small', async ({ seed, visit }) => {
	const page = await visit(seed.admin, { javaScriptEnabled: false });
	await page.goto('/api-reference');
	await findSearch(page).fill('restore');
	await page.getByRole('button', { name: 'Apply' }).click();
	await expect(page).toHaveURL('/api-reference?q=restore');
	await page.getByRole('link', { name: '/api/admin/users/{id}/restore' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Restore a deleted account');
	await expect(page.getByText(/^curl -X POST/)).toBeVisible();
	await expect(page.getByRole('button', { name: 'Send request' })).toBeHidden();
	const list = await (await page.request.get('/api-reference')).text();
	const rows = list.split('data-row-link').length - 1;
	// The list's text and the data for its script, but no schemas.
	expect(list.length / rows).toBeLessThan(2_500);
});
