import { readFile } from 'node:fs/promises';
import { expect, type Download, type Page } from 'playwright/test';
import { press } from './states.ts';

export const boxes = (page: Page) => page.getByRole('checkbox', { name: /^Select (?!all on)/ });
export const bar = (page: Page) => page.getByRole('form', { name: 'Bulk actions' });
export const outcome = (page: Page, name: string) =>
	page.getByRole('navigation', { name: 'Outcomes' }).getByRole('link', { name });
/** Playwright requires spaces for indentation in its outlines. */
export const outline = (text: TemplateStringsArray) => text.raw.join('').replaceAll('\t', '  ');
const readText = async (download: Download) => readFile(await download.path(), 'utf8');

export async function choose(page: Page, kind: string): Promise<void> {
	await bar(page).getByLabel('Action', { exact: true }).selectOption(kind);
	await press(page, 'Review…');
	await expect(page).toHaveURL(/\/admin\/users\/batches\/[\da-f-]{36}$/);
}

export async function download(page: Page, act: () => Promise<void>): Promise<string> {
	const coming = page.waitForEvent('download');
	await act();
	return readText(await coming);
}
