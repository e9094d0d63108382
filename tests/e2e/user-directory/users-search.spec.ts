import { findFilter, namesIn, findRow, findSearch } from '../support/pages.ts';
import { getTestUsers } from '../support/test-users.ts';
import { expect, test } from '../support/test.ts';

test.beforeEach(async ({ seed }) => getTestUsers(seed));

test('search finds by name, email and ID, and is kept in the URL', async ({ adminPage: page, seed }) => {
	const { ordinary, long } = await getTestUsers(seed);
	await page.goto('/admin/users');
	for (const [text, found] of [
		['olga ord', ordinary],
		['DI.LAMPEDUSA-montalbano@photo', long],
		[ordinary.id, ordinary]
	] as const) {
		await findSearch(page).fill(text);
		await expect(page).toHaveURL((url) => url.searchParams.get('q') === text);
		await expect(namesIn(page)).toHaveText([found.name]);
		await expect(findSearch(page)).toBeFocused();
	}
	await findSearch(page).fill('');
	await expect(page).toHaveURL((url) => !url.searchParams.has('q'));
	await expect(namesIn(page).filter({ hasText: seed.admin.name })).toBeVisible();
});

test('typing while a search is in progress is kept', async ({ adminPage: page, seed }) => {
	const { ordinary } = await getTestUsers(seed);
	await page.goto('/admin/users');
	let release = () => {};
	const released = new Promise<void>((resolve) => (release = resolve));
	await page.route('**/admin/users/__data.json?**', async (route) => {
		await released;
		await route.continue();
	});
	const asked = page.waitForRequest(/__data\.json\?.*q=o\b/);
	await findSearch(page).pressSequentially('o');
	await asked;
	await findSearch(page).pressSequentially('lga');
	const answered = page.waitForResponse(/__data\.json\?.*q=o\b/);
	release();
	await answered;
	await expect(page).toHaveURL((url) => url.searchParams.get('q') === 'olga');
	await expect(findSearch(page)).toHaveValue('olga');
	await expect(namesIn(page)).toHaveText([ordinary.name]);
});

test('special characters of the database are searched literally', async ({ adminPage: page }) => {
	for (const text of ['%', '_', '\\', "'"]) {
		await page.goto(`/admin/users?q=${encodeURIComponent(text)}`);
		await expect(page.getByText('No matching users')).toBeVisible();
	}
});

test('role and status filter together', async ({ adminPage: page, seed }) => {
	const { secondAdmin, deleted, newcomer, ordinary } = await getTestUsers(seed);
	await page.goto('/admin/users?sort=name&direction=asc');
	await expect(namesIn(page).filter({ hasText: deleted.name })).toHaveCount(0);
	await findFilter(page, 'Role').selectOption('Administrators');
	await expect(namesIn(page)).toHaveText([seed.admin.name, secondAdmin.name]);
	await expect(page).toHaveURL(/role=admin/);
	await findFilter(page, 'Role').selectOption('Any role');
	await findFilter(page, 'Status').selectOption('Password change required');
	await expect(namesIn(page)).toHaveText([newcomer.name]);
	await findFilter(page, 'Status').selectOption('Deleted');
	await expect(namesIn(page)).toHaveText([deleted.name]);
	await findFilter(page, 'Status').selectOption('Active');
	await expect(namesIn(page).filter({ hasText: ordinary.name })).toBeVisible();
	await expect(namesIn(page).filter({ hasText: newcomer.name })).toHaveCount(0);
	await findFilter(page, 'Status').selectOption('All, including deleted');
	await expect(namesIn(page).filter({ hasText: deleted.name })).toBeVisible();
});

test('without matches, the page says why and offers a way out', async ({ adminPage: page, seed }) => {
	await page.goto('/admin/users?q=nobody-at-all&role=admin');
	await expect(page.getByText('No matching users')).toBeVisible();
	await expect(page.getByText(/Deleted users are hidden unless/)).toBeVisible();
	await page.getByRole('link', { name: 'Clear search and filters' }).click();
	await expect(page).toHaveURL('/admin/users');
	await expect(findSearch(page)).toHaveValue('');
	await expect(findRow(page, seed.admin.email)).toBeVisible();
});
