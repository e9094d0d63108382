import type { Page } from 'playwright/test';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { clientId, clientSecret, Oidc } from '../../support/oidc.ts';
import { examine } from '../support/examine.ts';
import { configureProvider, signInAtProvider } from '../support/provider.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

let oidc: Oidc;
let second: Oidc;
test.beforeAll(async ({ servers }, { file }) => {
	const { url } = await servers.of(file);
	const redirectUris = [`${url}/auth/login`, `${url}/user-settings`];
	// On another host: two providers on one host share their cookies in a browser.
	second = await Oidc.start({ redirectUris: [`${url}/auth/login/club-house`], host: 'localhost' });
	oidc = await Oidc.start({
		redirectUris,
		claims: {
			nora: {
				email: 'nora@example.test',
				email_verified: true,
				name: 'Nora New',
				preferred_username: 'nora.new',
				immich_quota: 5,
				immich_role: 'admin'
			},
			olga: { email: 'olga@elsewhere.test', email_verified: true, name: 'Olga Elsewhere' }
		}
	});
});
test.afterAll(() => Promise.all([oidc.close(), second.close()]));

/** Tests the unsaved settings in another tab, as the page does. */
async function tryAs(page: Page, subject: string): Promise<Page> {
	await press(page, 'Test connection');
	const link = page.getByRole('link', { name: 'Test sign-in' });
	await expect(link).toBeInViewport();
	await examine(page);
	const [tab] = await Promise.all([page.waitForEvent('popup'), link.click()]);
	await signInAtProvider(tab, subject);
	await expect(tab.getByRole('heading', { name: 'Test result' })).toBeVisible();
	return tab;
}

test('an admin sets up a provider, and a new user signs in with it', async ({ adminPage, seed, visit }) => {
	await seed.call('PUT', '/admin/config', systemConfigDefaults);
	await adminPage.goto('/admin/settings/oauth');
	await expect(adminPage.getByText('/api/oauth/backchannel-logout')).toBeVisible();
	await examine(adminPage);
	await adminPage.getByRole('checkbox', { name: 'Sign in with a provider' }).check();
	await adminPage.getByRole('textbox', { name: 'Issuer URL' }).fill(oidc.issuer);
	await adminPage.getByRole('textbox', { name: 'Client ID' }).fill(clientId);
	await adminPage.getByLabel('Client secret').fill(clientSecret);
	await adminPage.getByRole('checkbox', { name: 'Allow insecure (HTTP) provider' }).check();
	const tried = await tryAs(adminPage, 'nora');
	await expect(tried.getByText('A new account would be created')).toBeVisible();
	await expect(tried.getByText('nora.new').first()).toBeVisible();
	await expect(tried.getByText('5 GiB')).toBeVisible();
	await examine(tried);
	await tried.close();
	await press(adminPage, 'Save');
	await expect(adminPage.getByText('Saved', { exact: true })).toBeVisible();

	const page = await visit();
	await page.goto('/auth/login?continue=%2Faccount%2Fprofile');
	await examine(page);
	await page.getByRole('link', { name: 'Login with OAuth' }).click();
	await signInAtProvider(page, 'nora');
	await expect(page).toHaveURL('/account/profile');
	await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Nora New');

	await adminPage.goto('/admin/users?q=nora');
	await adminPage.getByRole('link', { name: 'Nora New' }).click();
	await expect(adminPage.getByRole('list', { name: 'Linked providers' })).toContainText(
		'Signed in as nora@example.test'
	);
	await expect(adminPage.getByText('5 GiB').first()).toBeVisible();
	await expect(adminPage.getByText('noranew').first()).toBeVisible();
	await expect(adminPage.getByRole('definition').filter({ hasText: 'Administrator' }).first()).toBeVisible();
});

for (const javaScriptEnabled of [true, false])
	test(`a user links an identity, signs in with it and unlinks it, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		seed,
		visit
	}) => {
		await configureProvider(seed, oidc, { accountManagementUrl: `${oidc.issuer}/account` });
		const user = await seed.makeUser();
		const subject = javaScriptEnabled ? 'linker' : 'linker-without';
		const page = await visit(user, { javaScriptEnabled });
		await page.goto('/account/providers');
		await press(page, 'Link');
		if (!javaScriptEnabled) await page.getByRole('link', { name: 'Go to the provider' }).click();
		await signInAtProvider(page, subject);
		await expect(page.getByText('From now on you can also sign in through the provider.')).toBeVisible();
		await expect(page.getByRole('list', { name: 'Linked providers' })).toContainText(new URL(oidc.issuer).host);

		await page.context().clearCookies();
		await page.goto('/auth/login');
		await page.getByRole('link', { name: 'Login with OAuth' }).click();
		await signInAtProvider(page, subject);
		await page.goto('/account/profile');
		await expect(page.getByLabel('Name', { exact: true })).toHaveValue(user.name);

		await page.goto('/account/providers');
		const account = page.getByRole('link', { name: 'Manage account' });
		await expect(account).toHaveAttribute('href', `${oidc.issuer}/account`);
		if (javaScriptEnabled) await examine(page);
		await press(page, 'Unlink');
		await expect(page.getByText('No linked accounts. You sign in with your password.')).toBeVisible();
	});

test('an identity of another user is not linked, and the page says so', async ({ seed, visit }) => {
	await configureProvider(seed, oidc);
	for (const expected of [/\/account\/providers\?linked/, /\/user-settings/]) {
		const page = await visit(await seed.makeUser());
		await page.goto('/account/providers');
		await press(page, 'Link');
		await signInAtProvider(page, 'shared');
		await expect(page).toHaveURL(expected);
		if (expected.source.includes('user-settings')) {
			await expect(page.getByRole('heading', { name: 'Couldn’t link the account' })).toBeVisible();
			await expect(page.getByText('Request ID for your administrator')).toBeVisible();
			await examine(page);
			await page.getByRole('link', { name: 'Back to linked accounts' }).click();
			await expect(page.getByText('No linked accounts. You sign in with your password.')).toBeVisible();
		}
	}
});

test('an admin unlinks one user, the selected users, and all', async ({ adminPage: page, seed, visit }) => {
	await configureProvider(seed, oidc);
	const people = [await seed.makeUser(), await seed.makeUser(), await seed.makeUser()];
	for (const [index, user] of people.entries()) {
		const own = await visit(user);
		await own.goto('/account/providers');
		await press(own, 'Link');
		await signInAtProvider(own, `person-${index}`);
		await expect(own).toHaveURL(/linked/);
	}
	const [first, second] = people;
	await page.goto(`/admin/users/${first?.id ?? ''}`);
	await page.getByRole('link', { name: 'Unlink…' }).click();
	await examine(page);
	await press(page, 'Unlink');
	await expect(page).toHaveURL(`/admin/users/${first?.id ?? ''}`);
	await expect(page.getByRole('list', { name: 'Linked providers' })).toHaveCount(0);

	await page.goto(`/admin/users?q=${second?.email ?? ''}`);
	await page.getByRole('checkbox', { name: `Select ${second?.name ?? ''}` }).check();
	await page.getByLabel('Action', { exact: true }).selectOption('Unlink from providers');
	await press(page, 'Review…');
	await press(page, 'Unlink 1 user');
	await expect(page.getByText('1 user unlinked from their providers')).toBeVisible();

	// An admin created by the provider would be locked out.
	await page.goto('/admin/settings/oauth/unlink-all');
	await expect(page.getByText(/ has no password$/)).toBeVisible();
	await examine(page);
	await press(page, 'Set a temporary password');
	await press(page, 'Reset the passwords of 1 user');
	await expect(page.getByText('1 user has a temporary password')).toBeVisible();

	await page.goto('/admin/settings/oauth/unlink-all');
	await page.getByRole('textbox', { name: /^To unlink all users/ }).fill('unlink');
	await press(page, 'Unlink all users');
	const asked = page.getByText(/Type ‘unlink \d+’ to confirm/);
	await expect(asked).toBeVisible();
	await examine(page);
	const words = /unlink \d+/.exec((await asked.textContent()) ?? '')?.[0] ?? '';
	await page.getByRole('textbox', { name: /^To unlink all users/ }).fill(words);
	await press(page, 'Unlink all users');
	await expect(page).toHaveURL('/admin/settings/oauth');
	await page.goto('/admin/users?signIn=oauth');
	await expect(page.getByText('No matching users')).toBeVisible();
});

test('a second provider is added, tested, offered beside the first, and removed', async ({
	adminPage: page,
	seed,
	visit
}) => {
	await configureProvider(seed, oidc);
	await page.goto('/admin/settings/oauth');
	await page.getByRole('link', { name: 'Add a provider' }).click();
	await page.getByRole('textbox', { name: 'ID', exact: true }).fill('immich');
	await press(page, 'Add');
	await expect(page.getByText('This ID is already used by the default provider')).toBeVisible();
	await examine(page);
	await page.getByRole('textbox', { name: 'ID', exact: true }).fill('Club house');
	await press(page, 'Add');
	await expect(page.getByText('Use small letters, digits and hyphens')).toBeVisible();
	await page.getByRole('textbox', { name: 'ID', exact: true }).fill('club-house');
	await press(page, 'Add');
	await expect(page.getByRole('heading', { name: 'OAuth: club-house', level: 1 })).toBeVisible();
	await page.getByRole('checkbox', { name: 'Sign in with a provider' }).check();
	await page.getByRole('textbox', { name: 'Issuer URL' }).fill(second.issuer);
	await page.getByRole('textbox', { name: 'Client ID' }).fill(clientId);
	await page.getByLabel('Client secret').fill(clientSecret);
	await page.getByRole('checkbox', { name: 'Allow insecure (HTTP) provider' }).check();
	const tried = await tryAs(page, 'unknown');
	await expect(tried.getByText('Sign-in would fail')).toBeVisible();
	await expect(tried.getByText('didn’t share your email')).toBeVisible();
	await tried.close();
	await press(page, 'Save');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await expect(page.getByRole('list', { name: 'Providers', exact: true })).toContainText('Sign in with Club house');
	await examine(page);

	const own = await visit(await seed.makeUser());
	await own.goto('/account/providers');
	for (const { issuer } of [oidc, second]) {
		const { host } = new URL(issuer);
		const form = own.locator('form').filter({ hasText: `Link with ${host}` });
		await form.getByRole('button', { name: 'Link' }).click();
		await signInAtProvider(own, `of-both-${host}`);
		await expect(own).toHaveURL(/linked/);
	}
	await examine(own);
	await own.context().clearCookies();
	await own.goto('/auth/login');
	await examine(own);
	await own.getByRole('link', { name: 'Sign in with Club house' }).click();
	await signInAtProvider(own, `of-both-${new URL(second.issuer).host}`);
	await own.goto('/account/providers');
	await own.getByLabel('Unlink from').selectOption({ label: new URL(oidc.issuer).host });
	await press(own, 'Unlink');
	await expect(own.getByRole('list', { name: 'Linked providers' }).getByRole('listitem')).toHaveCount(1);

	await page.getByRole('link', { name: 'Remove…' }).click();
	await expect(page.getByText('1 user can sign in through it')).toBeVisible();
	await examine(page);
	await press(page, 'Remove');
	await expect(page).toHaveURL('/admin/settings/oauth');
	await expect(page.getByRole('list', { name: 'Providers', exact: true })).not.toContainText('Club house');
});

test('a provider is tested without JavaScript, and then saved', async ({ seed, visit }) => {
	await seed.call('PUT', '/admin/config', systemConfigDefaults);
	const page = await visit(seed.admin, { javaScriptEnabled: false });
	await page.goto('/admin/settings/oauth');
	await page.getByRole('checkbox', { name: 'Sign in with a provider' }).check();
	await page.getByRole('textbox', { name: 'Issuer URL' }).fill(oidc.issuer);
	await page.getByRole('textbox', { name: 'Client ID' }).fill(clientId);
	await page.getByLabel('Client secret').fill(clientSecret);
	await page.getByRole('checkbox', { name: 'Allow insecure (HTTP) provider' }).check();
	await press(page, 'Test connection');
	const [tab] = await Promise.all([
		page.waitForEvent('popup'),
		page.getByRole('link', { name: 'Test sign-in' }).click()
	]);
	await signInAtProvider(tab, 'olga');
	await expect(tab.getByText('A new account would be created')).toBeVisible();
	await tab.close();
	await press(page, 'Review changes');
	await press(page, 'Save');
	await page.goto('/admin/settings/oauth');
	await expect(page.getByRole('textbox', { name: 'Issuer URL' })).toHaveValue(oidc.issuer);
});
