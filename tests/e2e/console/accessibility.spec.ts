import { administration } from '../support/admin-states.ts';
import { examine } from '../support/examine.ts';
import { own } from '../support/own-states.ts';
import { getTestUsers } from '../support/test-users.ts';
import { account, expectError, outside, press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

// Colors still in transition would be misread.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

test.describe('before first setup', () => {
	test('the first setup page passes the page checks', async ({ page }) => {
		await page.goto('/auth/register');
		await examine(page);
		await press(page, 'Create administrator account');
		await expectError(page);
		await examine(page);
	});
});

for (const { title, who, path, act } of [...outside, ...account, ...own, ...administration])
	test(`${title} passes the page checks`, async ({ page, context, seed }) => {
		const users = await getTestUsers(seed);
		if (who) await seed.signIn(context, who === 'admin' ? seed.admin : users[who]);
		await page.goto(typeof path === 'string' ? path : path(users, seed));
		await act?.({ page, users, seed });
		await examine(page);
	});

test('messages appear in a live region that exists from the start', async ({ adminPage, seed }) => {
	const paths = ['/admin/users', '/admin/users/new', `/admin/users/${seed.admin.id}/edit`, '/account/profile'];
	for (const path of paths) {
		const served = await (await adminPage.request.get(path)).text();
		expect(served, path).toMatch(/<div[^>]*aria-live="polite"/);
	}
	await adminPage.goto('/account/profile');
	await adminPage.getByLabel('Avatar color').selectOption('Green');
	const region = await adminPage.locator('[aria-live="polite"]').elementHandle();
	await press(adminPage, 'Save');
	await expect(adminPage.getByText('Saved', { exact: true })).toBeVisible();
	expect(await region.textContent()).toContain('Saved');
});
