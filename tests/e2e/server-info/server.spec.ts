import { getCrowd } from '../support/crowd.ts';
import { examine } from '../support/examine.ts';
import { expect, test } from '../support/test.ts';

for (const javaScriptEnabled of [true, false])
	test(`an admin sees the server’s state, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		seed,
		visit
	}) => {
		const name = javaScriptEnabled ? 'Petra Photos' : 'Paul Plain';
		const user = await seed.makeUser({ name, quotaSizeInBytes: 1024 ** 3 });
		const page = await visit(seed.admin, { javaScriptEnabled });
		await page.goto('/admin/server');
		const findValue = (term: string) => page.locator('dt', { hasText: term }).locator('xpath=following-sibling::dd[1]');
		await expect(findValue('Immich API version')).toHaveText('v3.2.2');
		await expect(findValue('PostgreSQL')).toHaveText(/^\d+\.\d+/);
		await expect(findValue('Connections')).toHaveText(/^\d+ to this database; the server allows \d+$/);
		await expect(findValue('Latest Immich version')).toHaveText('Unknown: update checks are turned off');
		await expect(page.getByText(/ free$/)).toBeVisible();
		await page.getByText('Version history').click();
		await expect(page.getByText(/^v?3\.2\.2, since /)).toBeVisible();
		await page
			.getByRole('row', { name: new RegExp(name) })
			.getByRole('link')
			.click();
		await expect(page).toHaveURL(`/admin/users/${user.id}`);
	});

test('other users cannot see it', async ({ seed, visit }) => {
	const page = await visit(await seed.makeUser());
	expect((await page.goto('/admin/server'))?.status()).toBe(403);
	await expect(page.getByRole('link', { name: 'Server', exact: true })).toHaveCount(0);
});

test('the page passes the page checks, and the users are paged', async ({ seed, server, visit }) => {
	await getCrowd(seed, server, 60);
	const page = await visit(seed.admin);
	await page.goto('/admin/server');
	await examine(page);
	const rows = page.locator('[data-row]');
	await expect(rows).toHaveCount(50);
	await page.getByRole('link', { name: 'Next' }).click();
	await expect(page.getByRole('link', { name: 'First' })).toBeVisible();
	expect(await rows.count()).toBeGreaterThan(8);
});
