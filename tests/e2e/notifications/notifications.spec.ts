import type { Page } from 'playwright/test';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const path = '/account/notifications';
const findBell = (page: Page) => page.getByRole('banner').getByRole('link', { name: /^Notifications/ });
const findRows = (page: Page) => page.getByRole('list', { name: 'Notifications', exact: true }).getByRole('listitem');
const findRow = (page: Page, title: string) => findRows(page).filter({ hasText: title });

/** Holds the requests of a method to a path until `release` is called. */
async function hold(page: Page, method: string, pathname: string): Promise<{ release: () => void }> {
	let release = (): void => undefined;
	const isReleased = new Promise<void>((resolve) => (release = resolve));
	await page.route(
		(url) => url.pathname === pathname,
		async (route) => {
			if (route.request().method() !== method) return route.fallback();
			await isReleased;
			await route.continue();
		}
	);
	return { release };
}

test('an admin sends a notification, which the user reads, marks as unread, and deletes', async ({
	adminPage,
	seed,
	visit
}) => {
	const user = await seed.makeUser();
	const page = await visit(user);
	await page.goto('/account/profile');
	await expect(findBell(page)).toHaveAccessibleName('Notifications');

	await adminPage.goto(`/admin/users/${user.id}`);
	await adminPage.getByRole('link', { name: 'Send notification' }).click();
	await adminPage.getByLabel('Title').fill('Welcome');
	await adminPage.getByLabel('Text').fill('The photos of the trip are there.');
	await press(adminPage, 'Send message');
	await expect(adminPage.getByText('Message sent', { exact: true })).toBeVisible();
	await expect(adminPage.getByRole('heading', { level: 1 })).toHaveText(user.name);
	await expect(adminPage.getByText(`sent a message to ${user.name}`)).toBeVisible();

	// Another page opens by client-side navigation, and the bell has been updated.
	await page.getByRole('link', { name: 'Devices' }).first().click();
	await expect(findBell(page)).toHaveAccessibleName('Notifications, 1 unread');
	await findBell(page).click();
	await expect(findRow(page, 'Welcome')).toContainText('The photos of the trip are there.');
	await expect(findRow(page, 'Welcome')).toContainText('Unread');
	await expect(findRow(page, 'Welcome')).toContainText('Information');
	const mark = findRow(page, 'Welcome').getByRole('button', { name: /^Mark as/ });
	await mark.click();
	await expect(mark).toHaveText('Mark as unread');
	await expect(mark).toBeFocused();
	await expect(findBell(page)).toHaveAccessibleName('Notifications');
	await mark.click();
	await expect(findBell(page)).toHaveAccessibleName('Notifications, 1 unread');
	await findRow(page, 'Welcome').getByRole('button', { name: 'Delete: Welcome' }).click();
	await expect(page.getByText('No notifications')).toBeVisible();
	await expect(page.getByText('Notification deleted', { exact: true })).toBeVisible();
});

test('all are marked as read and deleted; the unread ones have their own URL', async ({ seed, visit }) => {
	const user = await seed.makeUser();
	for (const title of ['One', 'Two', 'Three']) await seed.notify(user, { title });
	const page = await visit(user);
	await page.goto(path);
	await page.getByRole('button', { name: 'Mark as read: Two' }).click();
	await page.getByRole('link', { name: 'Unread', exact: true }).click();
	await expect(page).toHaveURL(`${path}?show=unread`);
	await expect(findRows(page)).toHaveCount(2);
	await page.reload();
	await expect(findRows(page)).toHaveCount(2);
	await page.getByRole('button', { name: 'Mark as read: One' }).click();
	await expect(page).toHaveURL(`${path}?show=unread`);
	await expect(findRows(page)).toHaveCount(1);
	await press(page, 'Mark all as read');
	await expect(page.getByText('Nothing unread')).toBeVisible();
	await page.getByRole('link', { name: 'Show all' }).click();
	await expect(findRows(page)).toHaveCount(3);
	await press(page, 'Delete read notifications');
	await expect(page.getByText('No notifications')).toBeVisible();
});

for (const isLoaded of [true, false])
	test(`a link clicked while a form is in progress is followed, ${isLoaded ? 'before' : 'after'} the form is done`, async ({
		seed,
		visit
	}) => {
		const user = await seed.makeUser();
		for (const title of ['One', 'Two']) await seed.notify(user, { title });
		const page = await visit(user);
		await page.goto(path);
		const [form, link] = [await hold(page, 'POST', path), await hold(page, 'GET', `${path}/__data.json`)];
		await page.getByRole('button', { name: 'Delete: Two' }).click();
		await page.getByRole('link', { name: 'Unread', exact: true }).click();
		if (isLoaded) {
			link.release();
			await expect(page).toHaveURL(`${path}?show=unread`);
		}
		const answered = page.waitForResponse((response) => response.request().method() === 'POST');
		form.release();
		await (await answered).finished();
		await expect(page.getByText('Notification deleted', { exact: true })).toBeVisible();
		link.release();
		await expect(findRows(page)).toHaveCount(1);
		await expect(page).toHaveURL(`${path}?show=unread`);
	});

test('paging goes forward and back', async ({ seed, visit }) => {
	const user = await seed.makeUser();
	for (let number = 1; number <= 21; number++) await seed.notify(user, { title: `Number ${number}.` });
	const page = await visit(user);
	await page.goto(path);
	await expect(findBell(page)).toHaveAccessibleName('Notifications, more than 9 unread');
	await expect(findRows(page).first()).toContainText('Number 21.');
	const late = page.getByRole('button', { name: 'Mark as read: Number 3.' });
	await late.scrollIntoViewIfNeeded();
	const scrolled = await page.evaluate(() => scrollY);
	expect(scrolled).toBeGreaterThan(0);
	await late.click();
	await expect(page.getByRole('button', { name: 'Mark as unread: Number 3.' })).toBeFocused();
	expect(await page.evaluate(() => scrollY)).toBe(scrolled);
	await page.getByRole('link', { name: 'Next' }).click();
	await expect(findRows(page)).toHaveText([/Number 1\./]);
	await page.getByRole('button', { name: 'Delete: Number 1.' }).click();
	await page.getByRole('link', { name: 'Show the first page' }).click();
	await expect(findRows(page)).toHaveCount(20);
});

test('a changed password causes a notification with a link', async ({ seed, visit }) => {
	const user = await seed.makeUser();
	const page = await visit(user);
	await page.goto('/account/password');
	await page.getByLabel('Current password').fill(user.password);
	await page.getByLabel('New password').fill('another password to use');
	await press(page, 'Change password');
	await expect(findBell(page)).toHaveAccessibleName('Notifications, 1 unread');
	await findBell(page).click();
	await findRow(page, 'Your password was changed').getByRole('link', { name: 'Change your password' }).click();
	await expect(page).toHaveURL('/account/password');
});

test.describe('without JavaScript', () => {
	test('notifications are counted, read, marked and deleted', async ({ seed, visit }) => {
		const user = await seed.makeUser();
		for (const title of ['One', 'Two']) await seed.notify(user, { title });
		const page = await visit(user, { javaScriptEnabled: false });
		await page.goto('/account/profile');
		await expect(findBell(page)).toHaveAccessibleName('Notifications, 2 unread');
		await findBell(page).click();
		await page.getByRole('button', { name: 'Mark as read: Two' }).click();
		await expect(findBell(page)).toHaveAccessibleName('Notifications, 1 unread');
		await press(page, 'Delete read notifications');
		await expect(findRows(page)).toHaveCount(1);
		await press(page, 'Mark all as read');
		await page.getByRole('button', { name: 'Delete: One' }).click();
		await expect(page.getByText('No notifications')).toBeVisible();
	});

	test('a message is sent, after a mistake', async ({ seed, visit }) => {
		const user = await seed.makeUser();
		const page = await visit(seed.admin, { javaScriptEnabled: false });
		await page.goto(`/admin/users/${user.id}/message`);
		await page.getByLabel('Title').fill(' ');
		await page.getByLabel('Text').fill('Kept');
		await press(page, 'Send message');
		await expect(page.getByLabel('Title')).toHaveAccessibleDescription('Enter a title');
		await expect(page.getByLabel('Text')).toHaveValue('Kept');
		await page.getByLabel('Title').fill('Hello');
		await press(page, 'Send message');
		await expect(page).toHaveURL(`/admin/users/${user.id}`);
	});
});
