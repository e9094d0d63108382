import { expect, test } from '../support/test.ts';

// In its own file, because it also ends the session with which the tests create users.
test('an admin signs all other users out after typing the confirmation', async ({ adminPage, seed, visit }) => {
	const other = await visit(await seed.makeUser());
	await adminPage.goto('/admin/users');
	await adminPage.getByLabel('More', { exact: true }).click();
	await adminPage.getByRole('link', { name: 'Sign everyone out' }).click();
	await adminPage.getByLabel(/^Type/).fill('no');
	await adminPage.getByRole('button', { name: /^Sign out \d+ device/ }).click();
	await expect(adminPage.getByLabel(/^Type/)).toBeFocused();
	expect((await other.request.get('/api/users/me')).status()).toBe(200);
	await adminPage.getByLabel(/^Type/).fill('sign everyone out');
	await adminPage.getByRole('button', { name: /^Sign out \d+ device/ }).click();
	await expect(adminPage.getByText('No one else is signed in')).toBeVisible();
	expect((await other.request.get('/api/users/me')).status()).toBe(401);
});
