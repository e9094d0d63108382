import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

// Colors still in transition would be misread.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

const path = '/account/partners';

test('a library is shared, put into the timeline, and ended by the one who receives it', async ({ seed, visit }) => {
	const [ada, bob] = [await seed.makeUser({ name: 'Ada Stone' }), await seed.makeUser({ name: 'Bob Brook' })];
	const [page, other] = [await visit(ada), await visit(bob)];
	await page.goto(path);
	await page.getByLabel('Find a user').fill('no such user');
	await press(page, 'Search');
	await expect(page.getByText('No users match.')).toBeVisible();
	await page.getByLabel('Find a user').fill(bob.email);
	await press(page, 'Search');
	await press(page, 'Share my library: Bob Brook');
	await expect(page.getByRole('list', { name: 'I share with' })).toContainText('Bob Brook');
	await examine(page);

	await other.goto('/account/notifications');
	await other.getByRole('link', { name: 'See your partners' }).click();
	const received = other.getByRole('list', { name: 'Shared with me' });
	await expect(received).toContainText('Not in your timeline');
	await press(other, 'Show in the timeline: Ada Stone');
	await expect(received).toContainText('In your timeline');
	await examine(other);
	await press(other, 'End: Ada Stone');
	await expect(other.getByText('No one shares their library with you.')).toBeVisible();
	await page.reload();
	await expect(page.getByRole('list', { name: 'I share with' })).toHaveCount(0);
});

test.describe('where partners must accept', () => {
	test('a library is accepted or declined first', async ({ adminPage, seed, visit }) => {
		await adminPage.goto('/admin/settings/security');
		await adminPage.getByRole('checkbox', { name: 'Partners must accept' }).check();
		await press(adminPage, 'Save');
		await expect(adminPage.getByText('Saved', { exact: true })).toBeVisible();
		const [ada, bob] = [await seed.makeUser({ name: 'Ada Stone' }), await seed.makeUser({ name: 'Bob Brook' })];
		const [page, other] = [await visit(ada), await visit(bob, { javaScriptEnabled: false })];
		await page.goto(`${path}?search=${bob.email}`);
		await press(page, 'Ask: Bob Brook');
		await expect(page.getByRole('list', { name: 'I share with' })).toContainText('Not accepted yet');
		await other.goto(path);
		await expect(other.getByText('No one shares their library with you.')).toBeVisible();
		await examine(page);
		await press(other, 'Accept: Ada Stone');
		await expect(other.getByRole('list', { name: 'Shared with me' })).toContainText('Ada Stone');
		await other.goto(`${path}?search=${ada.email}`);
		await press(other, 'Ask: Ada Stone');
		await page.goto(path);
		await press(page, 'Decline: Bob Brook');
		await expect(page.getByRole('list', { name: 'Requests' })).toHaveCount(0);
		await expect(page.getByText('No one shares their library with you.')).toBeVisible();
	});
});
