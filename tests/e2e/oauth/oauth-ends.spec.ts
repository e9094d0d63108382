import type { BrowserContext, Page } from 'playwright/test';
import { Oidc } from '../../support/oidc.ts';
import { examine } from '../support/examine.ts';
import { configureProvider, signInAtProvider } from '../support/provider.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

let oidc: Oidc;
test.beforeAll(async ({ servers }, { file }) => {
	const { url } = await servers.of(file);
	oidc = await Oidc.start({
		redirectUris: [`${url}/auth/login`, `${url}/user-settings`],
		client: {
			backchannel_logout_uri: `${url}/api/oauth/backchannel-logout`,
			backchannel_logout_session_required: true
		},
		configuration: { features: { backchannelLogout: { enabled: true } } },
		claims: { nora: { email: 'nora@example.test', email_verified: true, name: 'Nora New' } }
	});
});
test.afterAll(() => oidc.close());

async function signInByButton(page: Page, subject: string): Promise<void> {
	await page.goto('/auth/login?autoLaunch=0&continue=%2Faccount%2Fprofile');
	await page.getByRole('link', { name: 'Login with OAuth' }).click();
	await signInAtProvider(page, subject);
	await expect(page).toHaveURL('/account/profile');
}

/** Signs out at the provider itself, in another tab of the same browser. */
async function signOutAtProvider(context: BrowserContext): Promise<void> {
	const tab = await context.newPage();
	await tab.goto(`${oidc.issuer}/session/end`);
	await tab.getByRole('button', { name: 'Yes, sign me out' }).click();
	await tab.getByText('Sign-out Success').waitFor();
	await tab.close();
}

test('signing out at the provider ends the session here, in the open page, and no other', async ({ seed, visit }) => {
	await configureProvider(seed, oidc);
	const [here, elsewhere] = [await visit(), await visit()];
	await signInByButton(here, 'nora');
	await signInByButton(elsewhere, 'nora');
	await signOutAtProvider(here.context());
	const dialog = here.getByRole('dialog', { name: 'You’ve been signed out' });
	await expect(dialog).toBeVisible();
	expect((await here.request.get('/api/users/me')).status()).toBe(401);
	expect((await elsewhere.request.get('/api/users/me')).status()).toBe(200);

	await examine(here);
	const [tab] = await Promise.all([
		here.waitForEvent('popup'),
		dialog.getByRole('link', { name: 'Login with OAuth' }).click()
	]);
	await signInAtProvider(tab, 'nora');
	await expect(tab).toHaveURL(/\/home$/);
	await tab.close();
	await here.bringToFront();
	await here.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await expect(dialog).toBeHidden();
});

for (const javaScriptEnabled of [true, false])
	test(`signing out here redirects to the provider, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		seed,
		visit
	}) => {
		await configureProvider(seed, oidc);
		const page = await visit(null, { javaScriptEnabled });
		await signInByButton(page, 'nora');
		await page.goto('/account/devices');
		await press(page, 'Sign out');
		await expect(page).toHaveURL(new RegExp(`^${oidc.issuer}/session/end`));
		await page.getByRole('button', { name: 'Yes, sign me out' }).click();
		await page.getByText('Sign-out Success').waitFor();
		expect((await page.request.get('/api/users/me')).status()).toBe(401);
	});

test('the sign-in page is skipped if the settings say so, and can still be opened', async ({ seed, visit }) => {
	await configureProvider(seed, oidc, { autoLaunch: true });
	const page = await visit();
	await page.goto('/account/profile');
	await signInAtProvider(page, 'nora');
	await expect(page).toHaveURL('/account/profile');
	await page.context().clearCookies();
	await page.goto('/auth/login?autoLaunch=0');
	await expect(page.getByLabel('Email')).toBeVisible();
	await configureProvider(seed, oidc);
});

test('an unreachable provider shows an error, and a password still works', async ({ seed, visit }) => {
	await configureProvider(seed, oidc, { issuerUrl: 'http://127.0.0.1:9' });
	const page = await visit();
	await page.goto('/auth/login');
	await page.getByRole('link', { name: 'Login with OAuth' }).click();
	await expect(page.getByText('Request ID for your administrator')).toBeVisible();
	await examine(page);
	await page.getByLabel('Email').fill(seed.admin.email);
	await page.getByLabel('Password', { exact: true }).fill(seed.admin.password);
	await press(page, 'Sign in');
	await expect(page).toHaveURL('/admin');
});
