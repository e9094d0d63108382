import { expect, test } from '../support/test.ts';
import { open } from '../support/watch.ts';

// A file of its own: it ends the session by which the tests make accounts as well.
test('an administrator signs everybody else out, once that is typed', async ({ adminPage, seed, visit }) => {
	const other = await visit(await seed.makePerson());
	await open(adminPage, '/admin/users');
	await adminPage.getByLabel('More', { exact: true }).click();
	await adminPage.getByRole('link', { name: 'Sign everybody out' }).click();
	await adminPage.getByLabel(/^Type/).fill('no');
	await adminPage.getByRole('button', { name: /^End \d+ session/ }).click();
	await expect(adminPage.getByLabel(/^Type/)).toBeFocused();
	expect((await other.request.get('/api/users/me')).status()).toBe(200);
	await adminPage.getByLabel(/^Type/).fill('sign everybody out');
	await adminPage.getByRole('button', { name: /^End \d+ session/ }).click();
	await expect(adminPage.getByText('Nobody else is signed in')).toBeVisible();
	expect((await other.request.get('/api/users/me')).status()).toBe(401);
});
