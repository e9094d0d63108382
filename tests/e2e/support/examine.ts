import { expect, type Page } from 'playwright/test';
import { findViolations } from './axe.ts';

const wide = { width: 1280, height: 800 };
/** A tablet in portrait and landscape, and a large screen, where columns appear and disappear. */
const between = [768, 1024, 1536].map((width) => ({ width, height: 800 }));
/** 1280 pixels at a zoom of 400 %, and at 200 %. */
const zoomed = { width: 320, height: 640 };
const halfZoomed = { width: 640, height: 400 };

/** Runs all automatic checks on the current page: light and dark, wide and narrow. */
export async function examine(page: Page): Promise<void> {
	await expectOutline(page);
	await page.setViewportSize(wide);
	await setColorScheme(page, 'light');
	await expectNoViolations(page, 'light and wide');
	await expectNoSidewaysScrolling(page);
	for (const size of between) {
		await page.setViewportSize(size);
		await expectNoSidewaysScrolling(page);
	}
	await page.setViewportSize(halfZoomed);
	await expectNoSidewaysScrolling(page);
	await page.setViewportSize(zoomed);
	await setColorScheme(page, 'dark');
	await expectNoViolations(page, 'dark and narrow');
	await expectNoSidewaysScrolling(page);
	await expectTargetSizes(page);
}

/** Changes the system's color scheme, and waits for the page's script to follow. */
async function setColorScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
	await page.emulateMedia({ colorScheme });
	await page.waitForSelector(`html:is(.${colorScheme}, :not(.js))`);
}

/** Waits for all transitions to end, including those that the end of another starts: meanwhile colors are in between. */
async function waitForColors(page: Page): Promise<void> {
	await page.evaluate(async () => {
		for (;;) {
			const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
			if (transitions.length === 0) return;
			await Promise.allSettled(transitions.map(({ finished }) => finished));
		}
	});
}

async function expectNoViolations(page: Page, view: string): Promise<void> {
	await waitForColors(page);
	expect(await findViolations(page), view).toEqual([]);
}

/** A title, a language, exactly one h1, no skipped heading level, exactly one main landmark. */
async function expectOutline(page: Page): Promise<void> {
	expect(await page.title()).toMatch(/^\S.* · immich-auth$/);
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await expect(page.getByRole('main')).toHaveCount(1);
	const levels = await page
		.getByRole('heading')
		.evaluateAll((headings) => headings.map(({ tagName }) => Number(tagName.slice(1))));
	expect(levels.filter((level) => level === 1)).toHaveLength(1);
	levels.forEach((level, index) => expect(level, levels.join()).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1));
}

/** Neither the page nor any part of it can scroll sideways. */
async function expectNoSidewaysScrolling(page: Page): Promise<void> {
	const wider = await page.evaluate(() =>
		[...document.querySelectorAll('*')]
			.filter((element) => element.scrollWidth > element.clientWidth + 1)
			.filter(
				(element) => element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX)
			)
			.map((element) => `${element.tagName}.${element.className}: ${element.scrollWidth} > ${element.clientWidth}`)
	);
	expect(wider, `at ${page.viewportSize()?.width ?? 0} pixels`).toEqual([]);
}

/** Standalone controls have the minimum target size; links within text are exempt. */
async function expectTargetSizes(page: Page): Promise<void> {
	const small = await page.evaluate(() =>
		[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
			.filter((element) => element.checkVisibility({ visibilityProperty: true }))
			.filter((element) => getComputedStyle(element).display !== 'inline' && !element.matches('.sr-only'))
			.map((element) => ({ element, box: (element.closest('label') ?? element).getBoundingClientRect() }))
			.filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
			.map(({ element, box }) => `${element.outerHTML.slice(0, 120)}: ${box.width} × ${box.height}`)
	);
	expect(small).toEqual([]);
}
