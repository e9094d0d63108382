import type { Page } from 'playwright/test';
import { getTestUsers } from '../support/test-users.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

/** Copies the page's API call and returns the clipboard's content. */
async function copied(page: Page): Promise<string> {
	await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await press(page, 'Copy as API call');
	await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
	return page.evaluate(() => navigator.clipboard.readText());
}

const key = "-H 'x-api-key: YOUR_API_KEY'";

test('the list’s API call includes the filter', async ({ adminPage: page, server }) => {
	await page.goto('/admin/users');
	const path = '/api/admin/user-directory/export?sort=createdAt&direction=desc&format=json';
	expect(await copied(page)).toBe(`curl '${server.url}${path}' \\\n  ${key}`);
	await page.goto('/admin/users?q=olga&status=all');
	expect(await copied(page)).toContain('/export?q=olga&status=all&sort=');
});

test('a user’s page shows the API call that reads the user', async ({ adminPage: page, seed, server }) => {
	const { ordinary } = await getTestUsers(seed);
	await page.goto(`/admin/users/${ordinary.id}`);
	expect(await copied(page)).toBe(`curl '${server.url}/api/admin/users/${ordinary.id}' \\\n  ${key}`);
});

test('a form shows the API call that it would make, without the password', async ({ adminPage: page }) => {
	await page.goto('/admin/users/new');
	await page.getByLabel('Name').fill("Conan O'Brien");
	await page.getByLabel('Email').fill('conan@example.test');
	await page.getByLabel('Storage quota').fill('2 GiB');
	await page.getByLabel('Temporary password').fill('my own dear secret');
	const text = await copied(page);
	expect(text).toContain('-X POST');
	expect(text).toContain(`"name": "Conan O'\\''Brien"`);
	expect(text).toContain('"quotaSizeInBytes": 2147483648');
	expect(text).toContain('"password": "THE_PASSWORD"');
	expect(text).not.toContain('dear');
});

test('blank forms show a working example call', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser({ name: 'Curly', storageLabel: 'curly' });
	await page.goto('/admin/users/new');
	expect(await copied(page)).toContain('"email": "person@example.test"');
	for (const [below, method] of [
		['/reset-password', 'POST'],
		['/edit', 'PUT'],
		['/delete', 'DELETE']
	] as const) {
		await page.goto(`/admin/users/${user.id}${below}`);
		const text = await copied(page);
		expect(text).toContain(`-X ${method}`);
		expect(text).not.toContain('PASSWORD');
		const [, body = ''] = /-d '(.*)'$/s.exec(text) ?? [];
		const [, address = ''] = /\/api(\/admin\/\S*)'/.exec(text) ?? [];
		expect((await seed.call(method, address, JSON.parse(body))).status).toBeLessThan(300);
	}
});
