import { defineConfig } from 'playwright/test';
import { browserOptions } from './tests/e2e/support/browser.ts';

export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '*.spec.ts',
	globalSetup: './tests/e2e/support/template.ts',
	outputDir: 'test-results',
	fullyParallel: false,
	// Each file has a server of its own.
	workers: 2,
	forbidOnly: true,
	retries: 0,
	// Long walks take their time on a machine that does other work too.
	timeout: 180_000,
	expect: { timeout: 10_000 },
	reporter: [['list']],
	use: { ...browserOptions(), locale: 'en-GB', timezoneId: 'Europe/Berlin', screenshot: 'only-on-failure' }
});
