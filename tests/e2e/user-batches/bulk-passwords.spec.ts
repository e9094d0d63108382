import { readCsv } from '../../support/batches.ts';
import { boxes, choose, download } from '../support/bulk.ts';
import { getCrowd } from '../support/crowd.ts';
import { signInByForm } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });
test.beforeEach(({ seed, server }) => getCrowd(seed, server, 100));

test('passwords are reset, shown once, and work', async ({ adminPage: page, seed, visit }) => {
	const people = await Promise.all([1, 2, 3].map((index) => seed.makeUser({ name: `Resettable ${index}` })));
	await page.goto('/admin/users?q=resettable');
	await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
	await choose(page, 'Reset passwords');
	await press(page, 'Reset the passwords of 3 users');
	await expect(page.getByText('3 users have a temporary password.')).toBeVisible();

	const elsewhere = await visit(seed.admin);
	await elsewhere.goto(new URL(page.url()).pathname);
	await expect(elsewhere.getByText('only in the browser that started this action')).toBeVisible();
	await expect(elsewhere.getByRole('button', { name: 'Download the passwords' })).toHaveCount(0);

	const rows = readCsv(await download(page, () => press(page, 'Download the passwords')));
	expect(rows.map(({ email }) => email).sort()).toEqual(people.map(({ email }) => email).sort());
	await expect(page.getByRole('button', { name: 'Download the passwords' })).toHaveCount(0);
	const [{ email = '', password = '' } = {}] = rows;
	const theirs = await visit();
	await signInByForm(theirs, { email, password });
	await expect(theirs).toHaveURL('/auth/change-password');
	expect(await page.content()).not.toContain(password);
});

test('a server outage loses nothing on the page', async ({ adminPage: page }) => {
	await page.goto('/admin/users?q=farid');
	await boxes(page).first().check();
	await choose(page, 'Reset passwords');
	// The page assumes that it is running as long as the response says so.
	await page.route('**/batches/**/__data.json**', async (route) => {
		const answer = await route.fetch();
		await route.fulfill({ response: answer, body: (await answer.text()).replaceAll('"finished"', '"running"') });
	});
	await page.getByRole('button', { name: /^Reset the passwords/ }).click();
	await expect(page.getByText('You can leave this page; it continues in the background.')).toBeVisible();
	await page.route('**/api/admin/user-batches/**', (route) => route.abort());
	await expect(page.getByText('Can’t reach the server.')).toBeVisible();
	await expect(page.getByRole('progressbar')).toBeVisible();
	await page.unrouteAll();
	await expect(page.getByText('1 user has a temporary password.')).toBeVisible();
});

test.describe('without JavaScript', () => {
	test('boxes are ticked, reviewed, started and followed', async ({ seed, visit }) => {
		const user = await seed.makeUser({ name: 'Scriptless' });
		const page = await visit(seed.admin, { javaScriptEnabled: false });
		await page.goto('/admin/users?q=scriptless');
		await press(page, 'Review…');
		await expect(page.getByText('Choose at least one account')).toBeVisible();
		await page.getByRole('checkbox', { name: 'Select Scriptless' }).check();
		await page.getByLabel('Action', { exact: true }).selectOption('Set the storage quota');
		await page.getByLabel(/^Quota/).fill('3 GiB');
		await press(page, 'Review…');
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Set the quota of 1 user to 3 GiB');
		await press(page, 'Set the quota of 1 user to 3 GiB');
		await expect(page.getByText('1 user has the new quota.')).toBeVisible();
		await page.goto('/admin/users?q=scriptless');
		await page.getByRole('checkbox', { name: /on every page/ }).check();
		await page.getByLabel('Action', { exact: true }).selectOption('Reset passwords');
		await press(page, 'Review…');
		await press(page, 'Reset the passwords of 1 user');
		const button = page.getByRole('button', { name: 'Download the passwords' });
		await expect(button).toBeVisible({ timeout: 20_000 });
		const [row] = readCsv(await download(page, () => button.click()));
		expect(row?.['email']).toBe(user.email);
		await page.reload();
		await expect(button).toHaveCount(0);
	});
});
