import type { Locator, Page } from 'playwright/test';

/** Signs in on the sign-in page. */
export async function signInByForm(
	page: Page,
	{ email, password }: { email: string; password: string }
): Promise<void> {
	await page.goto('/auth/login');
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The row of the users list with this text. */
export const findRow = (page: Page, text: string): Locator => page.getByRole('row').filter({ hasText: text });

/** The names in the users list, each of which is a link. */
export const namesIn = (page: Page): Locator =>
	page.getByRole('cell').getByRole('link').and(page.locator(':not([tabindex="-1"])'));

export const findSearch = (page: Page): Locator => page.getByRole('searchbox', { name: 'Search' });

export const findHeader = (page: Page, name: string): Locator => page.getByRole('columnheader', { name });

/** A filter above the users list; exact, because the column checkboxes have the same names. */
export const findFilter = (page: Page, name: string): Locator => page.getByRole('combobox', { name, exact: true });
